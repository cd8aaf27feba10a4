import assert from 'node:assert/strict';
import { chmod, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { layerKey, treeDigest } from '../../../image/build/key.ts';

test('a key does not depend on the order in which inputs are named', () => {
  assert.equal(layerKey({ a: '1', b: '2' }), layerKey({ b: '2', a: '1' }));
  assert.match(layerKey({}), /^[0-9a-f]{16}$/);
});

test('a byte that moves between inputs, or from a name to its value, changes the key', () => {
  const keys = [layerKey({ a: '12', b: '3' }), layerKey({ a: '1', b: '23' }), layerKey({ 'a=': '12', b: '3' })];
  assert.equal(new Set(keys).size, keys.length);
});

test('a tree is its paths, bytes, execute bits and link targets; nothing else', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-key-'));
  t.after(() => rm(dir, { recursive: true }));
  const seen = new Set<string>();
  const changes = [
    () => writeFile(join(dir, 'one'), 'x'),
    () => writeFile(join(dir, 'one'), 'y'),
    () => chmod(join(dir, 'one'), 0o755),
    () => rename(join(dir, 'one'), join(dir, 'two')),
    () => symlink('here', join(dir, 'link')),
    async () => {
      await rm(join(dir, 'link'));
      await symlink('there', join(dir, 'link'));
    },
  ];
  for (const [index, change] of changes.entries()) {
    await change();
    seen.add(await treeDigest(dir));
    assert.equal(seen.size, index + 1, `change ${index}`);
  }
  const before = await treeDigest(dir);
  await writeFile(join(dir, 'two'), 'y');
  assert.equal(await treeDigest(dir), before, 'only the time changed');
});
