import type { MarkStep, MarkTable } from '../model/marks.ts';

export type { MarkEntry, MarkStep, MarkTable } from '../model/marks.ts';

/** The kernel's table of firewall marks (nftables). Synchronous, see network.ts. */
export interface PacketMarks {
  /** @throws TandemError `kernel-refused`. */
  read(): MarkTable;
  /** All steps or none of them, in one transaction. @throws TandemError `kernel-refused`. */
  apply(steps: readonly MarkStep[]): void;
}
