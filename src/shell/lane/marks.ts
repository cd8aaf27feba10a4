import { MARKS, type Mark, type MarkKind, SUBJECTS, type Subject } from '../../model/timeline.ts';
import { round } from './round.ts';

/** Marks that the ring holds: more than a record takes, so that a flood of one kind leaves room for others. */
export const ROWS = 512;
const FIELDS = 5;

/** Marks looked through for one to join. */
const LOOK_BACK = 8;

const kindNumber = new Map<MarkKind, number>(MARKS.map((kind, number) => [kind, number]));
const subjectNumber = new Map<Subject, number>(SUBJECTS.map((subject, number) => [subject, number]));

/** A ring of numbers, made once: time, kind, subject, value, count. */
export interface Marks {
  /**
   * @param now monotonic ms, never less than before.
   * @param together ms within which a mark of the same kind and subject takes this one in: it keeps its time and, of
   * both values, the greater.
   */
  put(now: number, what: MarkKind, subject: Subject, value: number, together?: number): void;
  /** Oldest first. */
  since(from: number): Mark[];
}

export function createMarks(): Marks {
  const rows = new Float64Array(ROWS * FIELDS);
  let written = 0;

  /** Of the mark that was put `back` marks ago, 1 being the newest. */
  const rowOf = (back: number): number => ((written - back) % ROWS) * FIELDS;

  function joined(now: number, kind: number, subject: number, value: number, together: number): boolean {
    for (let back = 1; back <= Math.min(LOOK_BACK, written); back += 1) {
      const row = rowOf(back);
      if (now - rows[row]! > together) return false;
      if (rows[row + 1] !== kind || rows[row + 2] !== subject) continue;
      rows[row + 3] = Math.max(rows[row + 3]!, value);
      rows[row + 4]! += 1;
      return true;
    }
    return false;
  }

  return {
    put(now, what, subject, value, together = 0) {
      const kind = kindNumber.get(what) ?? 0;
      const about = subjectNumber.get(subject) ?? 0;
      if (together > 0 && joined(now, kind, about, value, together)) return;
      const row = (written % ROWS) * FIELDS;
      rows[row] = now;
      rows[row + 1] = kind;
      rows[row + 2] = about;
      rows[row + 3] = value;
      rows[row + 4] = 1;
      written += 1;
    },
    since(from) {
      const found: Mark[] = [];
      for (let back = Math.min(written, ROWS); back >= 1; back -= 1) {
        const row = rowOf(back);
        if (rows[row]! < from) continue;
        found.push({
          at: round(rows[row]!),
          what: MARKS[rows[row + 1]!]!,
          subject: SUBJECTS[rows[row + 2]!]!,
          value: round(rows[row + 3]!),
          count: rows[row + 4]!,
        });
      }
      return found;
    },
  };
}
