import type { IpvsState } from '../../model/ipvs.ts';
import type { StatsRow } from '../../model/stats.ts';
import type { Layout, Read, Reading } from './layout.ts';

/** What passed since the run began, at one moment. */
export interface Mark {
  /** Monotonic ms. */
  readonly at: number;
  /** `WIDTH` of each row; these only grow. */
  readonly sums: Float64Array;
}

/** The minute under way. */
export interface Minute {
  /** Its begin, ms since the epoch. */
  readonly begin: number;
  /** ms of it that were looked at. */
  readonly ms: number;
  /** Sums at its begin. */
  readonly from: Float64Array;
  /** The most connections seen in it, row by row. */
  readonly active: Float64Array;
  readonly inactive: Float64Array;
}

export interface StatsState {
  readonly layout: Layout;
  /** The last look; undefined before the first. */
  readonly reading: Reading | undefined;
  /** The same with the table that it was made of; undefined when there is nothing to be saved by it. */
  readonly read: Read | undefined;
  /** The last look's mark last; the others are at most `SPAN_MS` older, but there is always one to compare with. */
  readonly marks: readonly Mark[];
  readonly minute: Minute | undefined;
  /** Looks taken so far. */
  readonly samples: number;
}

export type StatsEvent =
  /** Another document is in force. What stays in it counts on. */
  | { readonly type: 'layout'; readonly layout: Layout }
  /** The kernel's table as just read; `wall` in ms since the epoch. Ignored when the last is less than `BETWEEN_MS` ago. */
  | { readonly type: 'sample'; readonly ipvs: Pick<IpvsState, 'services'>; readonly wall: number }
  /** The process ends: what the minute under way has so far is kept. */
  | { readonly type: 'end' };

/** Rows for the history. Two of one series and time are parts of one: their counters add up. */
export type StatsEffect = { readonly type: 'keep'; readonly rows: readonly StatsRow[] };

export interface Stepped {
  readonly state: StatsState;
  readonly effects: readonly StatsEffect[];
}
