import { TandemError } from '../../src/model/error.ts';
import type { StatsPoint, StatsRow } from '../../src/model/stats.ts';
import type { HistoryQuery, HistoryStore } from '../../src/ports/history.ts';

/** A history in memory; answers no stretches but single rows. */
export class FakeHistory implements HistoryStore {
  rows: StatsRow[] = [];
  readonly batches: number[] = [];
  readonly asked: HistoryQuery[] = [];
  full = false;
  closed = false;

  add(rows: readonly StatsRow[]): void {
    if (this.full) throw new TandemError('io', 'disk full');
    this.batches.push(rows.length);
    this.rows.push(...rows);
  }

  read(query: HistoryQuery): StatsPoint[] {
    this.asked.push(query);
    return this.rows
      .filter(({ series, tier, at }) => series === query.series && tier === query.tier && at >= query.since)
      .map(({ at, active, inactive, tier: _, series: __, ms, ...rates }) => ({ at, ms, rates, active, inactive }));
  }

  close(): void {
    this.closed = true;
  }
}
