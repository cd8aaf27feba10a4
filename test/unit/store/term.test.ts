import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { writeAtomic } from '../../../firmware/store/atomic.ts';
import { openTermStore } from '../../../firmware/store/term.ts';
import { TandemError } from '../../../src/model/error.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-term-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;
/** One process writes a file, so each test has its own. */
function freshPath(): string {
  files += 1;
  return join(folder, `term-${files}`);
}

test('a term comes back, also to another process', async () => {
  const path = freshPath();
  const store = openTermStore(path);
  assert.deepEqual(store.load(), { term: 0, damaged: false });
  await store.save(42);
  assert.deepEqual(openTermStore(path).load(), { term: 42, damaged: false });
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('terms saved at once are written in order', async () => {
  const path = freshPath();
  const store = openTermStore(path);
  await Promise.all(Array.from({ length: 20 }, (_, i) => store.save(100 + i)));
  assert.equal(store.load().term, 119);
});

test('every single changed or missing byte is noticed', async () => {
  const path = freshPath();
  const store = openTermStore(path);
  await store.save(1234567);
  const good = readFileSync(path);
  rmSync(`${path}.b`);
  for (let at = 0; at < good.length; at++) {
    const bad = Buffer.from(good);
    bad[at] = bad[at]! ^ 1;
    writeFileSync(path, bad);
    assert.deepEqual(store.load(), { term: 0, damaged: true }, `byte ${at} changed`);
    writeFileSync(path, good.subarray(0, at));
    // An older release wrote no more than the two lines.
    const whole = at === good.indexOf('\n  ') + 1;
    assert.deepEqual(
      store.load(),
      whole ? { term: 1234567, damaged: false } : { term: 0, damaged: true },
      `cut at ${at}`,
    );
  }
});

test('a write that a power cut tears leaves the term before it', async () => {
  const path = freshPath();
  const store = openTermStore(path);
  await store.save(7);
  await store.save(8);
  const files = [path, `${path}.b`] as const;
  const newest = files.find((file) => readFileSync(file, 'utf8').startsWith('term 8\n'))!;
  const whole = readFileSync(newest);
  for (let cut = 0; cut < whole.length; cut += 1) {
    writeFileSync(newest, Buffer.concat([whole.subarray(0, cut), Buffer.alloc(whole.length - cut)]));
    assert.deepEqual(store.load(), { term: 7, damaged: true });
  }
  await store.save(9);
  assert.deepEqual(store.load(), { term: 9, damaged: false });
});

test('neither file grows or is made anew, so that a full disk takes the term', async () => {
  const path = freshPath();
  const store = openTermStore(path);
  await store.save(1);
  const looks = (): string[] => [path, `${path}.b`].map((file) => `${statSync(file).ino} ${statSync(file).size}`);
  const before = looks();
  for (const term of [2, 3, 99, 1_000_000, 9_007_199_254_740_991]) await store.save(term);
  assert.deepEqual(looks(), before);
  assert.deepEqual(openTermStore(path).load(), { term: 9_007_199_254_740_991, damaged: false });
});

test('what is no term and what cannot be written is refused, and the next save still works', async () => {
  const path = freshPath();
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

test('a term on the disk never goes back, and a lower one is no error', async () => {
  const path = freshPath();
  const store = openTermStore(path);
  await store.save(9);
  await store.save(6);
  assert.equal(store.load().term, 9);
  writeFileSync(path, 'term 12, torn');
  await store.save(10);
  assert.deepEqual(store.load(), { term: 10, damaged: false }, 'what cannot be read is no higher term');
});

/** Another process that saves a term and lives on; resolves when that is on the disk. */
async function otherWriter(t: TestContext, path: string, term: number): Promise<ChildProcess> {
  const code = `import { openTermStore } from ${JSON.stringify(new URL('../../../firmware/store/term.ts', import.meta.url).href)};
    await openTermStore(${JSON.stringify(path)}).save(${term});
    process.stdout.write('saved');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout!, 'data');
  return child;
}

test('while a process that wrote is not wholly gone, nobody else writes; then its last word counts', async (t) => {
  const path = freshPath();
  const other = await otherWriter(t, path, 5);
  const store = openTermStore(path);
  const loaded = store.load();
  // It stands still and can write no more than one that died inside a system call; nobody can know when it goes on.
  other.kill('SIGSTOP');
  await assert.rejects(store.save(6), (error: unknown) => {
    return error instanceof TandemError && error.code === 'io' && /another process holds .*\.lock/.test(error.message);
  });
  assert.deepEqual(store.load(), { term: 5, damaged: false });
  other.kill('SIGKILL');
  await once(other, 'exit');
  await store.save(loaded.term + 1);
  assert.deepEqual(store.load(), { term: 6, damaged: false });
});

test('a term that came after this process had looked is not written over by a lower one', async (t) => {
  const path = freshPath();
  const store = openTermStore(path);
  const { term } = store.load();
  const other = await otherWriter(t, path, term + 3);
  other.kill('SIGKILL');
  await once(other, 'exit');
  await store.save(term + 1);
  assert.deepEqual(store.load(), { term: term + 3, damaged: false });
});

test('writeAtomic replaces a file whole and gives it its mode', async () => {
  const file = join(folder, 'lane.json');
  writeFileSync(file, 'x'.repeat(1000), { mode: 0o644 });
  await writeAtomic(file, '{"a":"é"}', 0o640);
  assert.equal(readFileSync(file, 'utf8'), '{"a":"é"}');
  assert.equal(statSync(file).mode & 0o777, 0o640);
});
