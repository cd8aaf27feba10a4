import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openKeyFile } from '../../../firmware/keys/keyFile.ts';
import { keyOf } from '../../../firmware/keys/keyText.ts';
import { newPairKey } from '../../../firmware/keys/secrets.ts';
import { openBoxFiles } from '../../../firmware/setup/files.ts';
import { TandemError } from '../../../src/model/error.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-keys-'));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'pair.key');
const [one, other] = ['0123456789abcdef'.repeat(4), 'fedcba9876543210'.repeat(4)];

function holding(text: string) {
  writeFileSync(path, text);
  chmodSync(path, 0o600);
  return openKeyFile(path).load();
}

test('a file of one key is what it always was, and the pairing gift is the key that signs', () => {
  for (const text of [one, `${one}\n`, `${one.toUpperCase()}\n\n`]) {
    assert.deepEqual(holding(text), { sign: keyOf(one), next: undefined, former: undefined });
  }
  assert.deepEqual(holding(`${one}\nnext ${other}\n`), { sign: keyOf(one), next: keyOf(other), former: undefined });
  assert.equal(openBoxFiles(folder, folder).key(path), one);
  assert.deepEqual(holding(`${one}\nformer ${other}\n`), { sign: keyOf(one), next: undefined, former: keyOf(other) });
  assert.equal(openBoxFiles(folder, folder).key(path), one);
});

test('an id is no part of its key, and differs from key to key', () => {
  assert.match(keyOf(one).id, /^[0-9a-f]{16}$/);
  assert.notEqual(keyOf(one).id, keyOf(other).id);
  assert.ok(!one.includes(keyOf(one).id));
});

test('what is no key file is refused without showing what it holds', () => {
  const wrong = [
    '',
    one.slice(1),
    `${one}\n${other}`,
    `${one}\nsoon ${other}`,
    `next ${one}`,
    `${one}\nnext ${other}\nformer ${one}`,
  ];
  for (const text of wrong) {
    assert.throws(
      () => holding(text),
      (error) =>
        error instanceof TandemError &&
        error.code === 'bad-node-file' &&
        error.message.includes(path) &&
        !/[0-9a-f]{20}/.test(`${error.message}${error.remedy}`),
      JSON.stringify(text),
    );
  }
  holding(one);
  chmodSync(path, 0o640);
  assert.throws(() => openKeyFile(path).load(), /can be read by others \(mode 640\)/);
  assert.throws(() => openKeyFile(join(folder, 'none')).load(), /cannot be read/);
});

test('what is saved is loaded, for its owner alone, whatever stood there, and the last of many stands', async () => {
  holding(one);
  const store = openKeyFile(path);
  const rings = Array.from({ length: 5 }, () => ({ sign: newPairKey(), next: newPairKey(), former: undefined }));
  await Promise.all(rings.map((ring) => store.save(ring)));
  assert.deepEqual(store.load(), rings.at(-1));
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(readFileSync(path, 'utf8').split('\n').length, 3);
  assert.deepEqual(readdirSync(folder), ['pair.key'], 'nothing is left beside it');
});

test('a write that fails leaves the old file', async () => {
  const ring = { sign: newPairKey(), next: undefined, former: undefined };
  await assert.rejects(openKeyFile(join(folder, 'nowhere', 'pair.key')).save(ring), TandemError);
});
