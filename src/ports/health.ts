import type { Question } from '../model/check.ts';
import type { Cancel } from './clock.ts';

export interface ProbeTarget {
  /** IPv4 or IPv6 text; never a name. */
  readonly address: string;
  /** 0 where there are no ports (ICMP). */
  readonly port: number;
  /** This box's own address that the question leaves from; absent = as the kernel chooses. */
  readonly source?: string;
  /** ms after which the answer is `timed out`. */
  readonly timeout: number;
  readonly question: Question;
}

export interface ProbeAnswer {
  /** null: this box could not ask, or stood still meanwhile, so nothing is proven. */
  readonly ok: boolean | null;
  /** For people: `connected in 3 ms`, `refused`, `timed out`, `http: status 503, expected 200-299`. */
  readonly reason: string;
  /** Percent of its weight that the server asks for, 0 to 100. */
  readonly share?: number;
  /** For people, although the answer was good: `certificate ends in 5 days`. */
  readonly warning?: string;
}

/** Asks a real server whether it is there. */
export interface Prober {
  /** Calls `done` exactly once, later and never from within; not at all after the returned cancel was called. */
  ask(target: ProbeTarget, done: (answer: ProbeAnswer) => void): Cancel;
}
