import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MEMORY_MS, recall, remember } from '../../../../src/core/health/index.ts';
import { healthMemorySchema } from '../../../../src/model/healthMemory.ts';
import { checkOfServer, namesOf } from './checks.ts';

const AT = 50_000;
const checks = [
  checkOfServer(1),
  checkOfServer(2, { verdict: 'down', reason: 'refused' }),
  checkOfServer(3, { risenAt: 45_000 }),
  checkOfServer(4, { share: 40, warning: 'the certificate ends in 3 days' }),
  checkOfServer(5, { verdict: 'unknown', provenSince: undefined }),
  checkOfServer(6, { verdict: 'down', provenSince: undefined }),
];
const names = namesOf(checks);
const memory = remember(checks, names, { digest: 'd1', lost: ['web'] }, AT);
const read = healthMemorySchema.parse(JSON.parse(JSON.stringify(memory)));

test('what was proved comes back as it was, and what was not is not made up', () => {
  const recalled = recall(read, names, 'd1', AT + 1000)!;
  assert.deepEqual(recalled.lost, ['web']);
  const known = checks.map(({ spec }) => recalled.known.get(spec.id));
  const plainly = { verdict: 'up', reason: '', risenAt: undefined, share: 100, warning: '' };
  assert.deepEqual(known, [
    plainly,
    { ...plainly, verdict: 'down', reason: 'refused' },
    { ...plainly, reason: 'connected', risenAt: 45_000 },
    { ...plainly, reason: 'connected', share: 40, warning: 'the certificate ends in 3 days' },
    undefined,
    undefined,
  ]);
});

test('when all is well it is short, however many servers there are', () => {
  const many = Array.from({ length: 10_000 }, (_, n) => checkOfServer(n));
  const text = JSON.stringify(remember(many, namesOf(many), { digest: 'd1', lost: [] }, AT));
  assert.ok(text.length < 100, text.slice(0, 200));
});

test('too old, of another document or of another boot it is nothing', () => {
  assert.ok(recall(read, names, 'd1', AT + MEMORY_MS));
  assert.equal(recall(read, names, 'd1', AT + MEMORY_MS + 1), undefined);
  assert.equal(recall(read, names, 'd2', AT), undefined);
  assert.equal(recall(read, names, 'd1', AT - 1), undefined);
});

test('a server that is no more is left out, and a new one that nobody knew does not come back as known', () => {
  const fewer = new Map([...names].slice(0, 2));
  assert.equal(recall(read, fewer, 'd1', AT)?.known.size, 2);
});
