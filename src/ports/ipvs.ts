import type { IpvsState, IpvsStep, StepFailure } from '../model/ipvs.ts';

export type {
  Counters,
  Destination,
  DestinationKey,
  Forwarding,
  IpvsState,
  IpvsStep,
  ObservedDestination,
  ObservedService,
  Protocol,
  Service,
  ServiceKey,
  StepFailure,
  SyncDaemon,
  Timeouts,
} from '../model/ipvs.ts';

/** The kernel's IPVS table over generic netlink (linux/ip_vs.h). Synchronous, see network.ts. */
export interface IpvsTable {
  /** The whole table; what is as in the last reading may be the same object. Interrupted dumps are retried. @throws TandemError `kernel-refused`. */
  read(): IpvsState;
  /** Runs the steps in order, many to a sendmsg; goes on after a refused one. Returns the refused ones. */
  apply(steps: readonly IpvsStep[]): readonly StepFailure[];
}

/** /proc/sys by dotted name. */
export interface Sysctls {
  /** undefined when the kernel has no such name. */
  get(name: string): string | undefined;
  /** @throws TandemError `kernel-refused`. */
  set(name: string, value: string): void;
}
