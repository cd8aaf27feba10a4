import { TandemError } from '../../src/model/error.ts';
import type { Drained, EventRow, Revision, Store } from '../../src/ports/store.ts';
import { openDatabase } from './database.ts';

/** Rows kept, the newest. */
export const KEEP = { revisions: 1_000, events: 10_000 } as const;

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
 * Revisions, events and drained servers in one SQLite file (WAL, synchronous FULL: durable when a call returns). `wall` gives ms since the
 * epoch. Every method throws TandemError `io` when the disk refuses; nothing is changed then.
 * @throws TandemError `io`, see `openDatabase`.
 */
export function openStore(path: string, wall: () => number = Date.now): OpenedStore {
  const { database, movedAside, reason } = openDatabase(path);
  const insertRevision = database.prepare<[string, number, string, string], Revision>(
    'INSERT INTO revision (author, at, text, digest) VALUES (?, ?, ?, ?) RETURNING number, author, at, text, digest',
  );
  const trimRevisions = database.prepare('DELETE FROM revision WHERE number <= (SELECT max(number) FROM revision) - ?');
  const insertEvent = database.prepare('INSERT INTO event (at, kind, text, detail) VALUES (?, ?, ?, ?)');
  const trimEvents = database.prepare('DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?');
  const columns = 'number, author, at, text, digest';
  const latest = database.prepare<[], Revision>(`SELECT ${columns} FROM revision ORDER BY number DESC LIMIT 1`);
  const one = database.prepare<[number], Revision>(`SELECT ${columns} FROM revision WHERE number = ?`);
  const all = database.prepare<[], Omit<Revision, 'text'>>(
    'SELECT number, author, at, digest FROM revision ORDER BY number DESC',
  );
  const events = database.prepare<[number], EventRow>(
    'SELECT at, kind, text, detail FROM event ORDER BY id DESC LIMIT ?',
  );

  const drained = database.prepare<[], Drained>('SELECT server, author, at FROM drained ORDER BY server');
  const insertDrained = database.prepare(
    'INSERT INTO drained (server, author, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const removeDrained = database.prepare('DELETE FROM drained WHERE server = ?');

  const attempt = <T>(what: string, act: () => T): T => {
    try {
      return act();
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new TandemError('io', `${what} in ${path}: ${said}`, {
        remedy:
          'make room on the disk and see that it is not read-only; a damaged file is moved aside at the next start',
        cause,
      });
    }
  };

  const saveRevision = database.transaction((author: string, text: string, digest: string): Revision => {
    const revision = insertRevision.get(author, Math.round(wall()), text, digest);
    if (revision === undefined) throw new Error('the row did not come back');
    trimRevisions.run(KEEP.revisions);
    return revision;
  });
  const saveEvent = database.transaction((event: EventRow): void => {
    const { at, kind, text, detail } = event;
    insertEvent.run(Math.round(at), cut(kind, EVENT.kind), cut(text, EVENT.text), cutDetail(detail));
    trimEvents.run(KEEP.events);
  });

  const saveEnabled = database.transaction((servers: readonly string[]): void => {
    for (const server of servers) removeDrained.run(server);
  });

  const store: OpenedStore = {
    movedAside,
    latest: () => attempt('reading the latest revision', () => latest.get()),
    revision: (number) => attempt(`reading revision ${number}`, () => one.get(number)),
    revisions: () => attempt('reading the revisions', () => all.all()),
    addRevision: (author, text, digest) => attempt('adding a revision', () => saveRevision(author, text, digest)),
    addEvent: (event) => attempt('adding an event', () => saveEvent(event)),
    events: (limit) => attempt('reading the events', () => events.all(Math.max(0, Math.min(limit, KEEP.events)))),
    drained: () => attempt('reading the drained servers', () => drained.all()),
    drain: (server, author) =>
      attempt(`draining ${server}`, () => void insertDrained.run(server, author, Math.round(wall()))),
    enable: (servers) => attempt(`enabling ${servers.join(', ')}`, () => saveEnabled(servers)),
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
