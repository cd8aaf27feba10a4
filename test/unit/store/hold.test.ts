import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openHoldStore } from '../../../firmware/store/hold.ts';
import { TandemError } from '../../../src/model/error.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-hold-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const HOLD = { reason: 'a “reason” with \\ and "', by: 'cli:root' };

test('what was saved is there for the next process, and gone once it ended', async () => {
  const path = join(folder, 'hold.json');
  const store = openHoldStore(path);
  assert.equal(store.load(), undefined);
  await store.save(HOLD);
  assert.deepEqual(openHoldStore(path).load(), HOLD);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  await store.save(undefined);
  assert.equal(openHoldStore(path).load(), undefined);
  await store.save(undefined);
});

test('in the order of the calls', async () => {
  const path = join(folder, 'order.json');
  const store = openHoldStore(path);
  await Promise.all([store.save(HOLD), store.save(undefined), store.save({ ...HOLD, reason: 'last' })]);
  assert.equal(store.load()?.reason, 'last');
  await Promise.all([store.save(HOLD), store.save(undefined)]);
  assert.equal(existsSync(path), false);
});

test('a file that cannot be read holds the box and says so', () => {
  const path = join(folder, 'damaged.json');
  for (const text of ['', '{"reason":', '{"reason":1,"by":"x"}', `{"reason":"${'x'.repeat(1000)}","by":"x"}`]) {
    writeFileSync(path, text);
    assert.match(openHoldStore(path).load()?.reason ?? '', /cannot be read/);
  }
});

test('a folder that is not there: typed, and the next write is tried all the same', async () => {
  const store = openHoldStore(join(folder, 'absent', 'hold.json'));
  const io = (error: unknown): boolean => error instanceof TandemError && error.code === 'io';
  await assert.rejects(store.save(HOLD), io);
  await assert.rejects(store.save(undefined), io);
});
