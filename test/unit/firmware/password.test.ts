import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { argon2Hasher, openPasswordStore } from '../../../firmware/password.ts';
import { TandemError } from '../../../src/model/error.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-password-'));
after(() => rmSync(folder, { recursive: true }));

test('a password matches its own hash alone, and no two hashes are the same', async () => {
  const hash = await argon2Hasher.hash('correct horse');
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.notEqual(await argon2Hasher.hash('correct horse'), hash);
  assert.equal(await argon2Hasher.matches('correct horse', hash), true);
  assert.equal(await argon2Hasher.matches('correct horsf', hash), false);
});

test('it is Argon2id: a hash of the reference program matches', async () => {
  // phc-winner-argon2, src/test.c: version 0x13, Argon2id, t=2, m=16, p=1.
  const hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  assert.equal(await argon2Hasher.matches('password', hash), true);
});

test('a damaged hash opens nothing and says what to do', async () => {
  await assert.rejects(
    argon2Hasher.matches('correct horse', '$argon2id$v=19$m=1'),
    (error) => error instanceof TandemError && error.code === 'io' && /tandem password/.test(error.remedy ?? ''),
  );
});

test('the hash is kept in a file of its owner alone', async () => {
  const path = join(folder, 'admin.argon2');
  const store = openPasswordStore(path);
  assert.equal(store.load(), undefined);
  await store.save('$argon2id$one');
  await store.save('$argon2id$two');
  assert.equal(openPasswordStore(path).load(), '$argon2id$two');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  writeFileSync(join(folder, 'file'), '');
  assert.throws(() => openPasswordStore(join(folder, 'file', 'x')).load(), TandemError);
});
