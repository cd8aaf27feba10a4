import { TandemError } from '../../src/model/error.ts';
import type { Patch } from '../../src/model/patch.ts';
import type { ServerUse } from '../../src/model/twin.ts';
import type { EventRow, Revision, RevisionHead, RevisionKey, Seen, Store } from '../../src/ports/store.ts';
import { openDatabase } from './database.ts';
import { driftTable } from './drift.ts';
import { revisionTable } from './revisions.ts';

/** Rows kept, the newest. */
export const KEEP = { revisions: 1_000, events: 10_000, uses: 42_000, drift: 10_000 } as const;

/** Bytes of all revisions' texts together: eight documents of the greatest length, and years of common ones. */
export const KEEP_BYTES = 32_000_000;

/** Characters of an event's parts, so that rows stay bounded as well as their number. */
const EVENT = { kind: 80, text: 1_000, detail: 20_000 } as const;

export interface OpenedStore extends Store {
  /** Where a damaged database went at opening; undefined when it was sound. An event of kind `store-damaged` says so too. */
  readonly movedAside: string | undefined;
}

const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);

/** Cutting would leave broken JSON. */
const cutDetail = (detail: string): string =>
  detail.length <= EVENT.detail ? detail : JSON.stringify({ omitted: detail.length });

/**
 * Revisions, events, drained servers and drift in one SQLite file (WAL, synchronous FULL: durable when a call returns). `wall` gives ms since the
 * epoch. Every method throws TandemError `io` when the disk refuses; nothing is changed then.
 * @throws TandemError `io`, see `openDatabase`.
 */
export function openStore(path: string, wall: () => number = Date.now): OpenedStore {
  const { database, movedAside, reason } = openDatabase(path);
  const insertEvent = database.prepare('INSERT INTO event (at, kind, text, detail) VALUES (?, ?, ?, ?)');
  const trimEvents = database.prepare('DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?');
  const events = database.prepare<[number], EventRow>(
    'SELECT at, kind, text, detail FROM event ORDER BY id DESC LIMIT ?',
  );

  const uses = database.prepare<[], Omit<ServerUse, 'drained'> & { drained: number }>(
    'SELECT server, drained, counter, node, author, at FROM use ORDER BY server',
  );
  const insertUse = database.prepare(
    'INSERT OR REPLACE INTO use (server, drained, counter, node, author, at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const trimUses = database.prepare(
    'DELETE FROM use WHERE server NOT IN (SELECT server FROM use ORDER BY counter DESC LIMIT ?)',
  );
  const seen = database.prepare<[], Seen>('SELECT number, counter FROM seen');
  const raiseSeen = database.prepare('UPDATE seen SET number = max(number, ?), counter = max(counter, ?)');

  const table = revisionTable(database, { revisions: KEEP.revisions, bytes: KEEP_BYTES });

  const attempt = <T>(what: string, act: () => T): T => {
    try {
      return act();
    } catch (cause) {
      if (cause instanceof TandemError) throw cause;
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new TandemError('io', `${what} in ${path}: ${said}`, {
        remedy:
          'make room on the disk and see that it is not read-only; a damaged file is moved aside at the next start',
        cause,
      });
    }
  };

  const saveRevision = database.transaction((revision: Revision): void => {
    table.put(revision);
    raiseSeen.run(revision.number, 0);
  });
  const savePatched = database.transaction((revision: RevisionHead, base: RevisionKey, patch: Patch): void => {
    table.putPatched(revision, base, patch);
    raiseSeen.run(revision.number, 0);
  });
  const saveEvent = database.transaction((event: EventRow): void => {
    const { at, kind, text, detail } = event;
    insertEvent.run(Math.round(at), cut(kind, EVENT.kind), cut(text, EVENT.text), cutDetail(detail));
    trimEvents.run(KEEP.events);
  });

  const saveUses = database.transaction((said: readonly ServerUse[]): void => {
    for (const { server, drained, counter, node, author, at } of said) {
      insertUse.run(server, drained ? 1 : 0, counter, node, author, Math.round(at));
      raiseSeen.run(0, counter);
    }
    trimUses.run(KEEP.uses);
  });

  const drift = driftTable(database, KEEP.drift);

  const store: OpenedStore = {
    movedAside,
    latest: () => attempt('reading the latest revision', table.latest),
    revision: (number) => attempt(`reading revision ${number}`, () => table.get(number)),
    revisions: () => attempt('reading the revisions', table.heads),
    addRevision: (revision) => attempt('adding a revision', () => saveRevision(revision)),
    addPatched: (revision, base, patch) =>
      attempt('adding a patched revision', () => savePatched(revision, base, patch)),
    addEvent: (event) => attempt('adding an event', () => saveEvent(event)),
    events: (limit) => attempt('reading the events', () => events.all(Math.max(0, Math.min(limit, KEEP.events)))),
    uses: () =>
      attempt('reading the drained servers', () => uses.all().map((row) => ({ ...row, drained: row.drained === 1 }))),
    putUses: (said) => attempt('writing what is drained', () => saveUses(said)),
    seen: () => attempt('reading the counters', () => seen.get() ?? { number: 0, counter: 0 }),
    remember: ({ number, counter }) => attempt('writing the counters', () => void raiseSeen.run(number, counter)),
    putDrift: (rows) => attempt('writing what drifted', () => drift.put(rows)),
    drift: (since, limit) =>
      attempt('reading what drifted', () => drift.rows(since, Math.max(0, Math.min(limit, KEEP.drift)))),
    driftHold: () => attempt('reading the hold on repair', drift.hold),
    setDriftHold: (hold) => attempt('writing the hold on repair', () => drift.setHold(hold)),
    close: () => {
      database.close();
    },
  };
  if (movedAside !== undefined) {
    const text = `the store was damaged (${reason}) and now stands at ${movedAside}; history starts again`;
    store.addEvent({ at: wall(), kind: 'store-damaged', text, detail: JSON.stringify({ movedAside }) });
  }
  return store;
}
