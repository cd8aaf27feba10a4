import type { StatsRow } from '../../model/stats.ts';
import type { Cancel, Clock, Close } from '../../ports/clock.ts';
import type { HistoryStore } from '../../ports/history.ts';
import type { Alarms } from './alarms.ts';

/** Between two batches: what a power cut may cost. */
export const BATCH_MS = 30_000;
/** Rows of one write, and the pause to the next: other work goes on in between. */
const SLICE = 1_000;
const PAUSE_MS = 50;
/** Rows that wait for a disk which refuses; beyond, the oldest are given up. A minute of 40,000 servers fits twice. */
const MAX_WAITING = 100_000;

export interface Keeper {
  add(rows: readonly StatsRow[]): void;
  /** Rows that are not on the disk yet. */
  waiting(): number;
  /** Writes what waits. */
  readonly close: Close;
}

/** Writes statistics in batches. A disk that refuses is an alarm, and the rows wait; nothing else notices. */
export function createKeeper(history: HistoryStore, clock: Clock, alarms: Pick<Alarms, 'set'>): Keeper {
  let waiting: StatsRow[] = [];
  let timer: Cancel | undefined;

  function writeSlice(): boolean {
    const slice = waiting.slice(0, SLICE);
    let refusal: string | undefined;
    try {
      if (slice.length > 0) history.add(slice, clock.wall());
      waiting = waiting.slice(slice.length);
    } catch (error) {
      refusal = error instanceof Error ? error.message : String(error);
    }
    const text = `statistics are not kept: ${refusal ?? ''}`;
    alarms.set({ code: 'statistics-not-kept', subject: '', text }, refusal !== undefined);
    return refusal === undefined;
  }

  function write(): void {
    const more = writeSlice() && waiting.length >= SLICE;
    timer = clock.at(clock.now() + (more ? PAUSE_MS : BATCH_MS), write);
  }
  timer = clock.at(clock.now() + BATCH_MS, write);

  return {
    add(rows) {
      waiting = [...waiting, ...rows].slice(-MAX_WAITING);
    },
    waiting: () => waiting.length,
    close() {
      timer?.();
      timer = undefined;
      while (waiting.length > 0 && writeSlice()) {
        // Slice by slice.
      }
      history.close();
    },
  };
}
