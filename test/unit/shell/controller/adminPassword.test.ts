import assert from 'node:assert/strict';
import { test } from 'node:test';
import { controllerRequest } from '../../../../src/model/control.ts';
import { TandemError } from '../../../../src/model/error.ts';
import { createAdminPassword } from '../../../../src/shell/controller/adminPassword.ts';
import { FakePasswords } from '../../../fakes/passwords.ts';
import { rackText } from '../../../fakes/rackDocument.ts';
import { Box } from './bench.ts';

const PASSWORD = 'correct horse';

function fresh() {
  const file = new FakePasswords();
  return { file, admin: createAdminPassword({ hasher: file, store: file }) };
}

test('without a password nobody comes in, and it is said how to set one', async () => {
  const { admin, file } = fresh();
  assert.equal(admin.isSet(), false);
  await assert.rejects(
    admin.matches(PASSWORD),
    (error) =>
      error instanceof TandemError && error.code === 'not-configured' && /tandem password/.test(error.remedy ?? ''),
  );
  assert.equal(file.hashes, 0);
});

test('one that is set matches; a refused one leaves the old one', async () => {
  const { admin } = fresh();
  let turns = 0;
  admin.onChange(() => {
    turns += 1;
  });
  await admin.set(PASSWORD);
  await assert.rejects(
    admin.set('short'),
    (error) =>
      error instanceof TandemError && error.code === 'bad-password' && /10 to 128/.test(error.faults[0]?.remedy ?? ''),
  );
  assert.deepEqual([admin.isSet(), turns], [true, 1]);
  assert.deepEqual([await admin.matches(PASSWORD), await admin.matches('wrong horse')], [true, false]);
});

test('what can be no password costs no hash', async () => {
  const { admin, file } = fresh();
  await admin.set(PASSWORD);
  const before = file.hashes;
  for (const no of ['', 'short', 'x'.repeat(1_000_000)]) assert.equal(await admin.matches(no), false);
  assert.equal(file.hashes, before);
});

test('one hash at a time, and only a few wait', async () => {
  const { admin, file } = fresh();
  await admin.set(PASSWORD);
  const asked = await Promise.allSettled(Array.from({ length: 50 }, () => admin.matches(PASSWORD)));
  assert.equal(file.mostAtOnce, 1);
  assert.equal(asked.filter((answer) => answer.status === 'fulfilled').length, 4);
  assert.equal(await admin.matches(PASSWORD), true);
});

test('`tandem password` sets it over the control socket, and the ledger does not hold it', async () => {
  const box = new Box();
  const { ask } = await box.start(rackText());
  const request = controllerRequest.parse({ do: 'password', password: PASSWORD, author: 'cli:root' });
  assert.deepEqual(await ask(request), { replaced: false });
  assert.deepEqual(await ask(request), { replaced: true });
  assert.deepEqual(box.events('password'), [
    'the admin password was changed by cli:root',
    'the admin password was set by cli:root',
  ]);
  assert.ok(!JSON.stringify(box.store.ledger).includes(PASSWORD));
  await assert.rejects(ask({ do: 'password', password: 'short', author: 'cli:root' }), TandemError);
  assert.equal(box.passwords.saved, `hash of ${PASSWORD}`);
});
