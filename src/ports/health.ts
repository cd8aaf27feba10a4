import type { Cancel } from './clock.ts';

export interface ProbeTarget {
  /** IPv4 or IPv6 text; never a name. */
  readonly address: string;
  readonly port: number;
  /** ms after which the answer is `timed out`. */
  readonly timeout: number;
}

export interface ProbeAnswer {
  readonly ok: boolean;
  /** For people: `connected in 3 ms`, `refused`, `timed out`, `unreachable`, or the errno's name. */
  readonly reason: string;
}

/** Asks a real server whether it is there. */
export interface Prober {
  /** Calls `done` exactly once, later and never from within; not at all after the returned cancel was called. */
  connect(target: ProbeTarget, done: (answer: ProbeAnswer) => void): Cancel;
}
