import type Database from 'better-sqlite3';
import type { DriftHold, DriftRow } from '../../src/model/drift.ts';

/** Characters of a row's parts, so that rows stay bounded as well as their number. */
const MOST = { subject: 200, value: 200, why: 400 } as const;

type Kept = Omit<DriftRow, 'before' | 'found' | 'atStart'> & {
  before: string | null;
  found: string | null;
  at_start: number;
};

const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);
const value = (text: string | undefined): string | null => (text === undefined ? null : cut(text, MOST.value));

/** The ledger of drift and the hold on its repair, in the store's database; `keep` rows, the newest. Methods throw as SQLite does. */
export function driftTable(database: Database.Database, keep: number) {
  const insert = database.prepare(
    `INSERT INTO drift (at, last, count, kind, subject, before, found, at_start, done, why)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (at, kind, subject, done) DO UPDATE SET last = excluded.last, count = excluded.count,
       found = excluded.found, why = excluded.why`,
  );
  const trim = database.prepare('DELETE FROM drift WHERE id <= (SELECT max(id) FROM drift) - ?');
  const since = database.prepare<[number, number], Kept>(
    `SELECT at, last, count, kind, subject, before, found, at_start, done, why FROM drift
     WHERE last >= ? ORDER BY id DESC LIMIT ?`,
  );
  const held = database.prepare<[], DriftHold>('SELECT reason, by, until FROM drift_hold');
  const hold = database.prepare('INSERT OR REPLACE INTO drift_hold (one, reason, by, until) VALUES (1, ?, ?, ?)');
  const resume = database.prepare('DELETE FROM drift_hold');

  const put = database.transaction((rows: readonly DriftRow[]): void => {
    for (const { at, last, count, kind, subject, before, found, atStart, done, why } of rows) {
      const [start, end] = [Math.round(at), Math.round(last)];
      const [what, said] = [cut(subject, MOST.subject), cut(why, MOST.why)];
      insert.run(start, end, count, kind, what, value(before), value(found), atStart ? 1 : 0, done, said);
    }
    trim.run(keep);
  });

  return {
    put,
    rows: (from: number, limit: number): DriftRow[] =>
      since.all(Math.round(from), limit).map(({ before, found, at_start, ...row }) => ({
        ...row,
        before: before ?? undefined,
        found: found ?? undefined,
        atStart: at_start === 1,
      })),
    hold: (): DriftHold | undefined => held.get(),
    setHold(said: DriftHold | undefined): void {
      if (said === undefined) resume.run();
      else hold.run(said.reason, said.by, Math.round(said.until));
    },
  };
}
