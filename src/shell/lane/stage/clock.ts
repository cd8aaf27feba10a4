import type { Clock } from '../../../ports/clock.ts';

export interface StageClock extends Clock {
  /** Goes to the earliest appointment and keeps it. @returns false when there is none. */
  next(): boolean;
}

/** A clock that only moves from one appointment to the next: a rehearsal takes as long as its work, not as its waiting. */
export function stageClock(): StageClock {
  const waiting = new Set<{ readonly at: number; readonly fire: () => void }>();
  let now = 0;
  return {
    now: () => now,
    wall: () => 0,
    at(at, fire) {
      const appointment = { at, fire };
      waiting.add(appointment);
      return () => void waiting.delete(appointment);
    },
    next() {
      const [first] = [...waiting].sort((one, other) => one.at - other.at);
      if (first === undefined) return false;
      waiting.delete(first);
      now = Math.max(now, first.at);
      first.fire();
      return true;
    },
  };
}
