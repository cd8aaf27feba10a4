import type { GuardTable } from '../../model/guard.ts';
import type {
  Destination,
  DestinationKey,
  IpvsState,
  IpvsStep,
  Service,
  SyncDaemon,
  Timeouts,
} from '../../model/ipvs.ts';
import type { MarkEntry, MarkStep, MarkTable } from '../../model/marks.ts';
import type { Address, Link, Route } from '../../model/network.ts';

/** A virtual service as it should stand in the kernel. */
export interface DesiredService extends Service {
  readonly destinations: readonly Destination[];
  /** Servers whose check failed and that must be gone at once instead of drained (UDP). */
  readonly failed: readonly DestinationKey[];
}

/** A NIC of this box with the address that is its own, as opposed to a float. */
export interface DesiredNic {
  readonly device: string;
  readonly address: string;
  readonly prefix: number;
}

/** Everything this box's kernel should hold, except the floats: those are the pair lane's. */
export interface DesiredState {
  readonly services: readonly DesiredService[];
  readonly daemons: readonly SyncDaemon[];
  /** Which packets belong to the services that go by firewall marks. */
  readonly marks: readonly MarkEntry[];
  /** The table of the firewall and of outbound masquerading; undefined = none. */
  readonly guard: GuardTable | undefined;
  /** Of idle connections, in seconds; absent: as the kernel has them. */
  readonly timeouts?: Timeouts;
  /** In both families; a device comes once for each address. */
  readonly nics: readonly DesiredNic[];
  /** The pair lane's addresses and where they go; never touched here, present or not. */
  readonly floats: readonly { readonly address: string; readonly device: string }[];
  /** Default gateway and the NIC it is reached on. */
  readonly gateway: { readonly address: string; readonly device: string } | undefined;
  /** How long a removed server may keep its connections, in ms. */
  readonly drainMs: number;
}

/** What the kernel showed, read in one go. */
export interface Observation {
  readonly ipvs: IpvsState;
  readonly marks: MarkTable;
  /** In its normal form; undefined = there is no such table. */
  readonly guard: string | undefined;
  readonly addresses: readonly Address[];
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
  /** Value by name; undefined when this kernel has no such name. */
  readonly sysctls: Readonly<Record<string, string | undefined>>;
}

export interface SysctlStep {
  readonly name: string;
  readonly value: string;
}

/** The whole table, in one transaction; undefined takes it away. */
export interface GuardStep {
  readonly table: GuardTable | undefined;
}

export type NetworkStep =
  | { readonly op: 'up'; readonly device: string }
  | { readonly op: 'set-address'; readonly address: Address }
  | { readonly op: 'set-route'; readonly route: Route };

/** One pass's changes. Run sysctls first, then the network, then marks and guard, then IPVS: nothing is served before it can be answered. */
export interface Plan {
  readonly sysctls: readonly SysctlStep[];
  readonly network: readonly NetworkStep[];
  readonly marks: readonly MarkStep[];
  readonly guard: readonly GuardStep[];
  readonly ipvs: readonly IpvsStep[];
}

/** Servers on their way out, by `drainKey`: when each was first seen unwanted, in monotonic ms. */
export type Drains = Readonly<Record<string, number>>;

/** What the kernel said no to. */
export interface Refusal {
  /** As `describe` prints it. */
  readonly step: string;
  readonly text: string;
}

export const isEmpty = (plan: Plan): boolean =>
  plan.sysctls.length + plan.network.length + plan.marks.length + plan.guard.length + plan.ipvs.length === 0;
