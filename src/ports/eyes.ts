import type { Answerer, Balanced, NicFigures, WireQuestion } from '../model/nic.ts';

/** What the box can see of its NICs, its wires and its clients. Nothing here changes the kernel. */
export interface Eyes {
  /** Synchronous, some reads of /sys; undefined = there is no such device. */
  nic(device: string): NicFigures | undefined;
  /** Some of the balanced connections, bounded; none while the kernel has no table. Synchronous. */
  connections(): readonly Balanced[];
  /**
   * Asks on the wires who has these addresses: own ones without claiming them (RFC 5227, section 2.1; RFC 4862, section
   * 5.4.2), those of others as any neighbour asks. Resolves with what was heard within `waitMs`. A device that is down has nobody. Never rejects.
   */
  whoHas(questions: readonly WireQuestion[], waitMs: number): Promise<readonly Answerer[]>;
}
