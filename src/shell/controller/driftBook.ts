import { type Drifted, type DriftRow, driftName, driftWords } from '../../model/drift.ts';
import type { Cancel, Clock, Close } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';

/** Within this time of its first, the same difference is one row with a count. */
export const SAME_MS = 60_000;
/** New rows in each minute; what comes beyond is only counted. */
export const MAX_NEW = 100;
/** Lines of the journal in each minute. */
const MAX_LINES = 20;
/** Counts wait this long for the disk. */
export const FLUSH_MS = 10_000;

export interface DriftBook {
  /** Never throws: a full disk must not stop the box from routing. */
  add(drifted: readonly Drifted[]): void;
  /** Newest first. @throws TandemError `io`. */
  rows(since: number, limit: number): readonly DriftRow[];
  readonly close: Close;
}

/** The ledger of drift. A tool that fights fills neither disk nor journal: repeats are counted, and new rows have a rate. */
export function createDriftBook(store: Store, clock: Clock, log: (text: string) => void): DriftBook {
  const recent = new Map<string, DriftRow>();
  const changed = new Set<string>();
  let minute = Number.NEGATIVE_INFINITY;
  let made = 0;
  let omitted = 0;
  let timer: Cancel | undefined;

  function turn(wall: number): void {
    // A clock that was set back begins a new minute as well.
    if (wall >= minute && wall - minute < SAME_MS) return;
    flush();
    if (omitted > 0) log(`drift: ${omitted} more differences were not written down: too many in a minute`);
    recent.clear();
    minute = wall;
    made = 0;
    omitted = 0;
  }

  function note(one: Drifted, wall: number): void {
    const key = `${one.done} ${driftName(one)}`;
    const old = recent.get(key);
    if (old !== undefined) {
      recent.set(key, { ...old, ...one, before: old.before, last: wall, count: old.count + 1 });
      changed.add(key);
      return;
    }
    if (made >= MAX_NEW) {
      omitted += 1;
      return;
    }
    made += 1;
    recent.set(key, { ...one, at: wall, last: wall, count: 1 });
    changed.add(key);
    if (made <= MAX_LINES) log(`drift: ${driftWords(one)}; ${one.done}${one.why === '' ? '' : `: ${one.why}`}`);
  }

  function flush(): void {
    timer?.();
    timer = undefined;
    if (changed.size === 0) return;
    try {
      store.putDrift([...changed].flatMap((key) => recent.get(key) ?? []));
    } catch (error) {
      log(`drift was not written down: ${error instanceof Error ? error.message : String(error)}`);
    }
    changed.clear();
  }

  return {
    add(drifted) {
      const wall = Math.round(clock.wall());
      turn(wall);
      const before = made;
      for (const one of drifted) note(one, wall);
      if (made > before) flush();
      else if (changed.size > 0) timer ??= clock.at(clock.now() + FLUSH_MS, flush);
    },
    rows(since, limit) {
      flush();
      return store.drift(since, limit);
    },
    close: flush,
  };
}
