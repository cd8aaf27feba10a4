import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeAtomic } from '../../../firmware/store/atomic.ts';
import { openTermStore } from '../../../firmware/store/term.ts';
import { TandemError } from '../../../src/model/error.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-term-'));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'term');

test('a term comes back, also to another process', async () => {
  const store = openTermStore(path);
  assert.deepEqual(store.load(), { term: 0, damaged: false });
  await store.save(42);
  assert.deepEqual(openTermStore(path).load(), { term: 42, damaged: false });
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('terms saved at once are written in order', async () => {
  const store = openTermStore(path);
  await Promise.all(Array.from({ length: 20 }, (_, i) => store.save(100 + i)));
  assert.equal(store.load().term, 119);
});

test('every single changed or missing byte is noticed', async () => {
  const store = openTermStore(path);
  await store.save(1234567);
  const good = readFileSync(path);
  for (let at = 0; at < good.length; at++) {
    const bad = Buffer.from(good);
    bad[at] = bad[at]! ^ 1;
    writeFileSync(path, bad);
    assert.deepEqual(store.load(), { term: 0, damaged: true }, `byte ${at} changed`);
    writeFileSync(path, good.subarray(0, at));
    assert.deepEqual(store.load(), { term: 0, damaged: true }, `cut at ${at}`);
  }
});

test('a file left beside by a power cut changes nothing', async () => {
  const store = openTermStore(path);
  await store.save(7);
  writeFileSync(`${path}.new`, 'term 9');
  assert.equal(store.load().term, 7);
  await store.save(8);
  assert.equal(store.load().term, 8);
  assert.equal(existsSync(`${path}.new`), false);
});

test('what is no term and what cannot be written is refused, and the next save still works', async () => {
  const store = openTermStore(path);
  await store.save(5);
  const io = (error: unknown) => error instanceof TandemError && error.code === 'io' && error.remedy !== undefined;
  await assert.rejects(store.save(-1), io);
  await assert.rejects(store.save(1.5), io);
  assert.equal(store.load().term, 5);
  await store.save(6);
  assert.equal(store.load().term, 6);
  await assert.rejects(openTermStore(join(folder, 'absent', 'term')).save(1), io);
});

test('writeAtomic replaces a file whole and gives it its mode', async () => {
  const file = join(folder, 'lane.json');
  writeFileSync(file, 'x'.repeat(1000), { mode: 0o644 });
  await writeAtomic(file, '{"a":"é"}', 0o640);
  assert.equal(readFileSync(file, 'utf8'), '{"a":"é"}');
  assert.equal(statSync(file).mode & 0o777, 0o640);
});
