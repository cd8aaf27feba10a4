import type { Beat } from '../../codec/beat.ts';
import { round } from './round.ts';

/** Every so many beats one is kept whatever it says: sender and hearer choose the same ones without a word. */
export const EVERY = 32;

/** Beats kept: with an interval of 20 ms, the 94 of the last minute and some that said something new. */
export const ROWS = 128;

/** When beats went out, or came in: a ring of numbers, made once. */
export interface BeatTimes {
  /** @param before the one before it, whose word it may have changed. */
  note(before: Beat | undefined, beat: Beat, now: number): void;
  /** The sequences belong to a process that is gone. */
  clear(): void;
  /** `[sequence, ms]` since `from`, oldest first, the newest `most`. */
  since(from: number, most: number): [number, number][];
}

export function createBeatTimes(): BeatTimes {
  const rows = new Float64Array(ROWS * 2);
  let written = 0;
  return {
    note(before, beat, now) {
      if (beat.sequence % EVERY !== 0 && before !== undefined && !saysMore(before, beat)) return;
      const row = (written % ROWS) * 2;
      rows[row] = beat.sequence;
      rows[row + 1] = now;
      written += 1;
    },
    clear() {
      written = 0;
    },
    since(from, most) {
      const found: [number, number][] = [];
      for (let back = 1; back <= Math.min(written, ROWS) && found.length < most; back += 1) {
        const row = ((written - back) % ROWS) * 2;
        if (rows[row + 1]! < from) break;
        found.unshift([rows[row]!, round(rows[row + 1]!)]);
      }
      return found;
    },
  };
}

/** What one box does because of the other's word: a story must not tell it before that word. */
const saysMore = (before: Beat, beat: Beat): boolean =>
  beat.role !== before.role ||
  beat.term !== before.term ||
  beat.handingOver !== before.handingOver ||
  beat.prepared !== before.prepared ||
  beat.granted !== before.granted;
