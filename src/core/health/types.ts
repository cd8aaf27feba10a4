import type { Question } from '../../model/check.ts';
import type { Book } from './book.ts';

/** Shortest time between two questions to one server, in ms. */
export const RECHECK_MIN_MS = 50;

/** One question asked of a real server again and again. Times in ms. */
export interface CheckSpec {
  /** `tcp 192.0.2.11:8080 1000/500/2/2`: equal questions have equal ids and are asked once. */
  readonly id: string;
  readonly question: Question;
  readonly address: string;
  /** 0 where there are no ports (ICMP). */
  readonly port: number;
  readonly interval: number;
  readonly timeout: number;
  /** Good answers in a row that bring a server back. */
  readonly rise: number;
  /** Bad answers in a row that take a server out. */
  readonly fall: number;
  /** From a bad answer that has not turned the verdict yet to the next question. */
  readonly retry: number;
}

/**
 * What is held of a server. `unknown`: never asked, counts as up, and the first answer decides. `up`/`down`: proven
 * here, or adopted from a kernel that ran before this process did.
 */
export type Verdict = 'unknown' | 'up' | 'down';

/** What one question brought. */
export interface Answer {
  /** null: this box could not ask, or stood still meanwhile. That proves nothing, and the verdict is held. */
  readonly ok: boolean | null;
  /** e.g. `refused`, `timed out`, `connected in 3 ms`, `http: status 503, expected 200-299`. */
  readonly reason: string;
  /** Percent of its weight that the server asks for, 0 to 100; absent = all of it. */
  readonly share?: number;
  /** What a person should see to although the answer was good: a certificate that ends soon. */
  readonly warning?: string;
}

export interface CheckState {
  readonly spec: CheckSpec;
  readonly verdict: Verdict;
  /** Of the last answer that turned the verdict or, of a server that is down, agreed; empty before there was one. */
  readonly reason: string;
  /** Answers in a row that speak against the verdict. */
  readonly against: number;
  /** As the last good answer said. */
  readonly share: number;
  readonly warning: string;
  /** Monotonic ms of the turn from down to up; undefined = has not been down here, or has not come back. */
  readonly risenAt: number | undefined;
  /** Monotonic ms of this box's first answer that proved something; undefined = its verdict is not its own yet. */
  readonly provenSince: number | undefined;
  /** Monotonic ms of the last answer that proved something, or of the beginning. */
  readonly provenAt: number;
  /** When to ask next, monotonic ms. */
  readonly nextAt: number;
  /** Number of the question under way; undefined = none. */
  readonly asking: { readonly attempt: number; readonly since: number } | undefined;
}

/** What a box's own checks prove of a server. `unknown`: nothing. */
export interface Word {
  readonly verdict: Verdict;
  readonly reason: string;
  /** As `CheckState.risenAt`, on this box's clock. */
  readonly risenAt: number | undefined;
}

/** What is known of a check over a restart of the process. */
export type Known = Word & Pick<CheckState, 'share' | 'warning'>;

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
      /** By check id, what this box's process before this one had proved; comes before `adopted`. */
      readonly known?: ReadonlyMap<string, Known>;
    }
  /** By check id, what the twin has proved. */
  | { readonly type: 'twin'; readonly words: ReadonlyMap<string, Word> }
  | ({ readonly type: 'answer'; readonly id: string; readonly attempt: number } & Answer)
  /** Time has passed; wanted at `wakeAt(state)`. */
  | { readonly type: 'tick' };

export type HealthEffect =
  /** Ask, and send an `answer` within the spec's timeout. `late`: ms since the question was due. */
  | { readonly type: 'probe'; readonly spec: CheckSpec; readonly attempt: number; readonly late: number }
  | {
      readonly type: 'verdict';
      readonly id: string;
      readonly was: Verdict;
      readonly verdict: 'up' | 'down';
      readonly reason: string;
    }
  /** Share, warning or the reason of a server that is down has changed; its verdict has not. */
  | { readonly type: 'news'; readonly id: string };

export interface Checked {
  readonly state: HealthState;
  readonly effects: readonly HealthEffect[];
}
