import type { Book } from './book.ts';

/** One question asked of a real server again and again. Times in ms. */
export interface CheckSpec {
  /** `tcp 192.0.2.11:8080 1000/500/2/2`: equal questions have equal ids and are asked once. */
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly interval: number;
  readonly timeout: number;
  /** Good answers in a row that bring a server back. */
  readonly rise: number;
  /** Bad answers in a row that take a server out. */
  readonly fall: number;
}

/**
 * What is held of a server. `unknown`: never asked, counts as up, and the first answer decides. `up`/`down`: proven
 * here, or adopted from a kernel that ran before this process did.
 */
export type Verdict = 'unknown' | 'up' | 'down';

export interface CheckState {
  readonly spec: CheckSpec;
  readonly verdict: Verdict;
  /** Of the last answer that changed the verdict; empty before there was one. */
  readonly reason: string;
  /** Answers in a row that speak against the verdict. */
  readonly against: number;
  /** When to ask next, monotonic ms. */
  readonly nextAt: number;
  /** Number of the question under way; undefined = none. */
  readonly asking: { readonly attempt: number; readonly since: number } | undefined;
}

export interface HealthState {
  readonly book: Book;
  /** Questions asked so far; numbers them. */
  readonly attempts: number;
}

export type HealthEvent =
  /**
   * The checks of a document. What is known of a server that stays is kept, whatever its timing.
   * `adopted`: by check id, whether the kernel had the server in use when this process started.
   */
  | {
      readonly type: 'checks';
      readonly specs: readonly CheckSpec[];
      readonly adopted: Readonly<Record<string, 'up' | 'down'>>;
    }
  | {
      readonly type: 'answer';
      readonly id: string;
      readonly attempt: number;
      readonly ok: boolean;
      /** e.g. `refused`, `timed out`, `unreachable`, `connected in 3 ms`. */
      readonly reason: string;
    }
  /** Time has passed; wanted at `wakeAt(state)`. */
  | { readonly type: 'tick' };

export type HealthEffect =
  /** Connect, and send an `answer` within `timeout`. */
  | {
      readonly type: 'connect';
      readonly id: string;
      readonly attempt: number;
      readonly address: string;
      readonly port: number;
      readonly timeout: number;
    }
  | {
      readonly type: 'verdict';
      readonly id: string;
      readonly was: Verdict;
      readonly verdict: 'up' | 'down';
      readonly reason: string;
    };

export interface Checked {
  readonly state: HealthState;
  readonly effects: readonly HealthEffect[];
}
