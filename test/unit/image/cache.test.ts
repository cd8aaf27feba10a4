import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cacheDir, layer } from '../../../image/build/cache.ts';

async function cache(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-cache-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

const write = (text: string) => (dir: string) => writeFile(join(dir, 'file'), text);

test('the cache is where it is told to be, else where the user keeps caches', () => {
  assert.equal(cacheDir({ TANDEM_CACHE: '/here', XDG_CACHE_HOME: '/there' }), '/here');
  assert.equal(cacheDir({ XDG_CACHE_HOME: '/there' }), '/there/tandem');
  assert.match(cacheDir({}), /\/\.cache\/tandem$/);
});

test('a layer is built once for its key', async (t) => {
  const dir = await cache(t);
  const first = await layer('kind', 'k1', write('one'), dir);
  const again = await layer('kind', 'k1', write('two'), dir);
  assert.deepEqual([first.built, again.built], [true, false]);
  assert.equal(await readFile(join(again.dir, 'file'), 'utf8'), 'one');
});

test('two builds of the same layer at the same time: one builds, both get it', async (t) => {
  const dir = await cache(t);
  const both = await Promise.all([layer('kind', 'k', write('one'), dir), layer('kind', 'k', write('two'), dir)]);
  assert.equal(both.filter(({ built }) => built).length, 1);
  assert.equal(both[0]?.dir, both[1]?.dir);
});

test('a build that fails leaves nothing, and the next one starts clean', async (t) => {
  const dir = await cache(t);
  const failing = async (work: string) => {
    await write('half')(work);
    throw new Error('interrupted');
  };
  await assert.rejects(layer('kind', 'k', failing, dir), /interrupted/);
  assert.deepEqual(await readdir(join(dir, 'kind')), []);
  await mkdir(join(dir, 'unfinished', 'killed'), { recursive: true });
  const { built } = await layer('kind', 'k', write('whole'), dir);
  assert.ok(built);
  assert.ok(!existsSync(join(dir, 'unfinished')));
});

test('three layers of a kind are kept: those used last', async (t) => {
  const dir = await cache(t);
  for (const [index, key] of ['a', 'b', 'c'].entries()) {
    const made = await layer('kind', key, write(key), dir);
    await utimes(made.dir, index + 1, index + 1);
  }
  await layer('kind', 'a', write('a'), dir);
  await layer('kind', 'd', write('d'), dir);
  assert.deepEqual((await readdir(join(dir, 'kind'))).sort(), ['a', 'c', 'd']);
});
