import type { StatsResult, StatsRow } from '../model/stats.ts';

/** Which part of one series to read. */
export interface HistoryQuery {
  /** `` = all services, `web` = a service, `web/s2` = a server. */
  readonly series: string;
  readonly tier: StatsRow['tier'];
  /** From then on, ms since the epoch. */
  readonly since: number;
  /** ms that one point covers: a whole number of the tier's own stretches. */
  readonly stretch: number;
}

/** What statistics keep of the past: bounded, and worth less than anything else on the disk. */
export interface HistoryStore {
  /**
   * Durable when it returns, all or nothing; what is too old or too much for its tier goes. Rows of the same series and time add up.
   * `now` is ms since the epoch. @throws TandemError `io`.
   */
  add(rows: readonly StatsRow[], now: number): void;
  /** Oldest first; at most `MAX_POINTS`, the newest. @throws TandemError `io`. */
  read(query: HistoryQuery): StatsResult['points'];
  close(): void;
}
