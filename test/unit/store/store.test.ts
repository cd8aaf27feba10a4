import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import Database from 'better-sqlite3';
import { KEEP, openStore } from '../../../firmware/store/store.ts';
import { TandemError } from '../../../src/model/error.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-store-'));
after(() => rmSync(folder, { recursive: true }));
let count = 0;
const fresh = (): string => join(folder, `${++count}.db`);

test('revisions count from 1 and outlive the process', () => {
  const path = fresh();
  const store = openStore(path, () => 1234.6);
  assert.equal(store.latest(), undefined);
  assert.equal(store.movedAside, undefined);
  assert.deepEqual(store.addRevision('seed', 'tandem: 1', 'aa'), {
    number: 1,
    author: 'seed',
    at: 1235,
    text: 'tandem: 1',
    digest: 'aa',
  });
  store.addRevision('cli:root', 'two', 'bb');
  store.close();
  const again = openStore(path);
  assert.equal(again.latest()?.number, 2);
  assert.equal(again.revision(1)?.text, 'tandem: 1');
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

test('what was acknowledged is on the disk when the process is killed at once', () => {
  const path = fresh();
  const source = `
    import { openStore } from ${JSON.stringify(join(import.meta.dirname, '../../../firmware/store/store.ts'))};
    const store = openStore(${JSON.stringify(path)});
    store.addRevision('cli', 'kept', 'cc');
    process.kill(process.pid, 'SIGKILL');`;
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', source]);
  assert.equal(done.signal, 'SIGKILL', done.stderr.toString());
  const store = openStore(path);
  assert.equal(store.latest()?.text, 'kept');
  store.close();
});

test('the database is WAL and in this release’s form', () => {
  const path = fresh();
  openStore(path).close();
  const database = new Database(path);
  assert.equal(database.pragma('journal_mode', { simple: true }), 'wal');
  assert.equal(database.pragma('user_version', { simple: true }), 2);
  database.close();
});

test('only the newest rows are kept and numbers are never used again', () => {
  const path = fresh();
  openStore(path).close();
  const raw = new Database(path);
  raw.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${KEEP.revisions})
            INSERT INTO revision (author, at, text, digest) SELECT 'x', i, 't', 'd' FROM n;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${KEEP.events})
            INSERT INTO event (at, kind, text, detail) SELECT i, 'k', 't', '{}' FROM n;`);
  raw.close();
  const store = openStore(path);
  store.addRevision('y', 'new', 'e');
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
    for (let i = 0; i < 50; i++) store.addRevision('x', `text ${i} `.repeat(100), 'd');
    store.close();
    const bad = damage(readFileSync(path));
    writeFileSync(path, bad);
    const again = openStore(path, () => 99);
    assert.equal(again.movedAside, `${path}.damaged`);
    assert.deepEqual(readFileSync(`${path}.damaged`), Buffer.from(bad));
    assert.equal(again.latest(), undefined);
    assert.equal(again.addRevision('y', 't', 'd').number, 1);
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

test('what operators drained outlives the process, under its first author', () => {
  const path = fresh();
  const store = openStore(path, () => 7);
  store.drain('web/s2', 'cli:night');
  store.drain('web/s2', 'cli:day');
  store.drain('web/s1', 'cli:day');
  store.enable(['web/s1', 'web/s9']);
  store.close();
  const again = openStore(path);
  assert.deepEqual(again.drained(), [{ server: 'web/s2', author: 'cli:night', at: 7 }]);
  again.close();
});
