import type { Dropped, GuardTable } from '../model/guard.ts';

/** The kernel's table of the firewall and of outbound masquerading (nftables). Synchronous, see network.ts. */
export interface PacketGuard {
  /** In its normal form; undefined = there is none. @throws TandemError `kernel-refused`. */
  read(): string | undefined;
  /** By chain; none while there is no firewall. @throws TandemError `kernel-refused`. */
  dropped(): readonly Dropped[];
  /** Replaces the whole table in one transaction; undefined = none is wanted. @throws TandemError `kernel-refused`. */
  apply(table: GuardTable | undefined): void;
}
