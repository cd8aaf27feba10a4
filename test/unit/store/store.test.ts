import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import Database from 'better-sqlite3';
import { KEEP, KEEP_BYTES, openStore } from '../../../firmware/store/store.ts';
import type { DriftRow } from '../../../src/model/drift.ts';
import { TandemError } from '../../../src/model/error.ts';
import type { Revision } from '../../../src/ports/store.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-store-'));
after(() => rmSync(folder, { recursive: true }));
let count = 0;
const revision = (number: number, more: Partial<Revision> = {}): Revision => ({
  number,
  node: 'a',
  author: 'cli',
  at: 1,
  text: 'text',
  digest: 'd',
  lineage: { a: number, b: 0 },
  ...more,
});
const fresh = (): string => join(folder, `${++count}.db`);

test('revisions outlive the process and are listed newest first', () => {
  const path = fresh();
  const store = openStore(path);
  assert.equal(store.latest(), undefined);
  assert.equal(store.movedAside, undefined);
  const second = revision(2, { node: 'b', author: 'cli:root', at: 1235, text: 'two', lineage: { a: 1, b: 2 } });
  store.addRevision(revision(1, { author: 'seed', text: 'one' }));
  store.addRevision(second);
  store.close();
  const again = openStore(path);
  assert.deepEqual(again.latest(), second);
  assert.equal(again.revision(1)?.text, 'one');
  assert.equal(again.revision(3), undefined);
  assert.deepEqual(
    again.revisions().map((row) => [row.number, row.author, 'text' in row]),
    [
      [2, 'cli:root', false],
      [1, 'seed', false],
    ],
  );
  again.close();
});

test('the newest is by the pair’s order, and what lost to it stays', () => {
  const store = openStore(fresh());
  const rows = [
    revision(8, { node: '', digest: 'e' }),
    revision(8, { node: 'b', digest: 'c' }),
    revision(8, { node: 'a', author: 'seed', digest: 'f' }),
    revision(7, { node: 'a' }),
  ];
  for (const row of rows) store.addRevision(row);
  assert.equal(store.latest()?.digest, 'c');
  assert.equal(store.revision(8)?.digest, 'c');
  assert.equal(store.revisions().length, 4);
  store.close();
});

test('the highest numbers heard of outlive the process and never fall', () => {
  const path = fresh();
  const store = openStore(path);
  store.remember({ number: 9, counter: 4 });
  store.remember({ number: 3, counter: 5 });
  store.addRevision(revision(11));
  store.close();
  const again = openStore(path);
  assert.deepEqual(again.seen(), { number: 11, counter: 5 });
  again.close();
});

test('a database of the form before keeps its revisions and what was drained', () => {
  const path = fresh();
  const raw = new Database(path);
  raw.exec(`CREATE TABLE revision (number INTEGER PRIMARY KEY AUTOINCREMENT, author TEXT NOT NULL, at INTEGER NOT NULL,
              text TEXT NOT NULL, digest TEXT NOT NULL) STRICT;
            CREATE TABLE event (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL,
              text TEXT NOT NULL, detail TEXT NOT NULL) STRICT;
            CREATE TABLE drained (server TEXT PRIMARY KEY, author TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
            INSERT INTO revision VALUES (5, 'cli:root', 7, 'five', 'dd');
            INSERT INTO drained VALUES ('web/s2', 'cli:night', 8);
            PRAGMA user_version = 2;`);
  raw.close();
  const store = openStore(path);
  const { node, number, text } = store.latest()!;
  assert.deepEqual([node, number, text], ['', 5, 'five']);
  assert.deepEqual(store.uses(), [
    { server: 'web/s2', drained: true, counter: 0, node: '', author: 'cli:night', at: 8 },
  ]);
  assert.deepEqual(store.seen(), { number: 5, counter: 0 });
  store.close();
});

test('what was acknowledged is on the disk when the process is killed at once', () => {
  const path = fresh();
  const source = `
    import { openStore } from ${JSON.stringify(join(import.meta.dirname, '../../../firmware/store/store.ts'))};
    const store = openStore(${JSON.stringify(path)});
    store.addRevision(${JSON.stringify(revision(1, { text: 'kept' }))});
    process.kill(process.pid, 'SIGKILL');`;
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', source]);
  assert.equal(done.signal, 'SIGKILL', done.stderr.toString());
  const store = openStore(path);
  assert.equal(store.latest()?.text, 'kept');
  store.close();
});

test('long texts leave room on the disk: the newest are kept, and the last two however long they are', () => {
  const path = fresh();
  const store = openStore(path);
  const text = 'x'.repeat(KEEP_BYTES / 8);
  for (let number = 1; number <= 20; number += 1) store.addRevision(revision(number, { text, digest: `${number}` }));
  const numbers = (): number[] => store.revisions().map((row) => row.number);
  assert.deepEqual(numbers(), [20, 19, 18, 17, 16, 15, 14, 13]);
  const longest = 'x'.repeat(KEEP_BYTES);
  store.addRevision(revision(21, { text: longest, digest: '21' }));
  assert.deepEqual(numbers(), [21, 20]);
  store.addRevision(revision(22, { text: 'short', digest: '22' }));
  store.close();
  const again = openStore(path);
  again.addRevision(revision(23, { text, digest: '23' }));
  assert.deepEqual(
    again.revisions().map((row) => row.number),
    [23, 22],
  );
  again.close();
  assert.ok(statSync(path).size < 3 * KEEP_BYTES, 'what is trimmed is used again');
});

test('the database is WAL and in this release’s form', () => {
  const path = fresh();
  openStore(path).close();
  const database = new Database(path);
  assert.equal(database.pragma('journal_mode', { simple: true }), 'wal');
  assert.equal(database.pragma('user_version', { simple: true }), 5);
  database.close();
});

test('only the newest rows are kept and numbers are never used again', () => {
  const path = fresh();
  openStore(path).close();
  const raw = new Database(path);
  raw.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${KEEP.revisions})
            INSERT INTO revision (number, node, author, at, text, digest, lineage_a, lineage_b, whole)
              SELECT i, 'a', 'x', i, 't', 'd', i, 0, i FROM n;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${KEEP.events})
            INSERT INTO event (at, kind, text, detail) SELECT i, 'k', 't', '{}' FROM n;`);
  raw.close();
  const store = openStore(path);
  store.addRevision(revision(KEEP.revisions + 1));
  store.addEvent({ at: 1, kind: 'new', text: 'x'.repeat(5000), detail: JSON.stringify('y'.repeat(50_000)) });
  assert.equal(store.revisions().length, KEEP.revisions);
  assert.equal(store.latest()?.number, KEEP.revisions + 1);
  assert.equal(store.revision(1), undefined);
  assert.equal(store.events(1_000_000).length, KEEP.events);
  const [newest] = store.events(1);
  assert.equal(newest?.kind, 'new');
  assert.equal(newest?.text.length, 1000);
  assert.doesNotThrow(() => JSON.parse(newest?.detail ?? ''));
  assert.deepEqual(store.events(-1), []);
  store.close();
  const left = new Database(path);
  assert.equal(left.prepare('SELECT count(*) FROM event').pluck().get(), KEEP.events);
  assert.equal(left.prepare('SELECT count(*) FROM revision').pluck().get(), KEEP.revisions);
  left.close();
});

for (const [what, damage] of [
  ['text', () => Buffer.from('this is no database at all, it is a letter\n'.repeat(200))],
  ['zeros in the middle', (bytes: Buffer) => bytes.fill(0, 4096, 12_288)],
  [
    'noise from the second page on',
    (bytes: Buffer) => bytes.map((byte, i) => (i < 4096 ? byte : (byte + i * 7) & 255)),
  ],
] as const) {
  test(`a database damaged by ${what} is moved aside, said so, and a fresh one serves`, () => {
    const path = fresh();
    const store = openStore(path);
    for (let i = 0; i < 50; i++) store.addRevision(revision(i, { text: `text ${i} `.repeat(100) }));
    store.close();
    const bad = damage(readFileSync(path));
    writeFileSync(path, bad);
    const again = openStore(path, () => 99);
    assert.equal(again.movedAside, `${path}.damaged`);
    assert.deepEqual(readFileSync(`${path}.damaged`), Buffer.from(bad));
    assert.equal(again.latest(), undefined);
    assert.deepEqual(again.seen(), { number: 0, counter: 0 });
    assert.deepEqual(
      again.events(10).map(({ at, kind }) => ({ at, kind })),
      [{ at: 99, kind: 'store-damaged' }],
    );
    again.close();
    const third = openStore(path);
    assert.equal(third.movedAside, undefined);
    third.close();
    assert.ok(existsSync(`${path}.damaged`));
  });
}

test('a file of a newer release is refused and left as it is', () => {
  const path = fresh();
  openStore(path).close();
  const raw = new Database(path);
  raw.pragma('user_version = 99');
  raw.close();
  assert.throws(
    () => openStore(path),
    (error) => error instanceof TandemError && error.code === 'io' && /newer release/.test(error.message),
  );
  const left = new Database(path);
  assert.equal(left.pragma('user_version', { simple: true }), 99);
  left.close();
});

test('a folder in the way is an error with a remedy', () => {
  assert.throws(
    () => openStore(folder),
    (error) => error instanceof TandemError && error.code === 'io' && error.remedy !== '',
  );
});

test('what operators drained outlives the process, each server under its last word', () => {
  const path = fresh();
  const store = openStore(path);
  const use = (server: string, counter: number, drained: boolean) =>
    ({ server, drained, counter, node: 'b', author: 'cli:night', at: 7 }) as const;
  store.putUses([use('web/s2', 1, true), use('web/s1', 2, true)]);
  store.putUses([use('web/s1', 3, false)]);
  store.close();
  const again = openStore(path);
  assert.deepEqual(again.uses(), [use('web/s1', 3, false), use('web/s2', 1, true)]);
  assert.equal(again.seen().counter, 3);
  again.close();
});

const drift = (more: Partial<DriftRow> = {}): DriftRow => ({
  at: 1000,
  last: 1000,
  count: 1,
  kind: 'sysctl',
  subject: 'net.ipv4.ip_forward',
  before: '1',
  found: undefined,
  atStart: false,
  done: 'repaired',
  why: '',
  ...more,
});

test('drift is kept newest first, a repeat in its own row, and looked for by when it was last found', () => {
  const path = fresh();
  const store = openStore(path);
  store.putDrift([drift(), drift({ at: 2000, last: 2000, before: undefined, found: 'x', atStart: true })]);
  store.putDrift([drift({ last: 5000, count: 7 })]);
  store.close();
  const again = openStore(path);
  assert.deepEqual(again.drift(0, 10), [
    drift({ at: 2000, last: 2000, before: undefined, found: 'x', atStart: true }),
    drift({ last: 5000, count: 7 }),
  ]);
  assert.equal(again.drift(3000, 10).length, 1);
  assert.equal(again.drift(0, 1).length, 1);
  again.close();
});

test('only the newest rows of drift are kept, each of bounded length', () => {
  const store = openStore(fresh());
  const rows = Array.from({ length: KEEP.drift + 50 }, (_, i) => drift({ at: i, last: i, why: 'y'.repeat(5000) }));
  store.putDrift(rows);
  const kept = store.drift(0, 2 * KEEP.drift);
  assert.equal(kept.length, KEEP.drift);
  assert.equal(kept.at(-1)?.at, 50);
  assert.equal(kept[0]?.why.length, 400);
  store.close();
});

test('a hold on repair outlives the process until it is ended', () => {
  const path = fresh();
  const store = openStore(path);
  assert.equal(store.driftHold(), undefined);
  store.setDriftHold({ reason: 'one', by: 'cli:root', until: 7 });
  store.setDriftHold({ reason: 'two', by: 'cli:root', until: 8 });
  store.close();
  const again = openStore(path);
  assert.deepEqual({ ...again.driftHold() }, { reason: 'two', by: 'cli:root', until: 8 });
  again.setDriftHold(undefined);
  assert.equal(again.driftHold(), undefined);
  again.close();
});
