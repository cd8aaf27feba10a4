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
const memory = remember(checks, names, 'd1', AT);
const start = { names, digest: 'd1', adopted: {}, lost: new Set<string>() };
const read = healthMemorySchema.parse(JSON.parse(JSON.stringify(memory)));

test('what was proved comes back as it was, and what was not is not made up', () => {
  const recalled = recall(read, start, AT + 1000);
  const known = checks.map(({ spec }) => recalled.get(spec.id));
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
  const text = JSON.stringify(remember(many, namesOf(many), 'd1', AT));
  assert.ok(text.length < 100, text.slice(0, 200));
});

test('too old, of another document or of another boot it is nothing', () => {
  assert.equal(recall(read, start, AT + MEMORY_MS).size, 4);
  assert.equal(recall(read, start, AT + MEMORY_MS + 1).size, 0);
  assert.equal(recall(read, { ...start, digest: 'd2' }, AT).size, 0);
  assert.equal(recall(read, start, AT - 1).size, 0);
});

test('a server that is no more is left out', () => {
  const fewer = new Map([...names].slice(0, 2));
  assert.equal(recall(read, { ...start, names: fewer }, AT).size, 2);
});

test('a verdict that has turned since is in the kernel, and that counts', () => {
  const [one, two] = checks.map(({ spec }) => spec.id) as [string, string];
  const turned = recall(read, { ...start, adopted: { [one]: 'down', [two]: 'up' } }, AT);
  assert.deepEqual([turned.has(one), turned.has(two)], [false, false]);
  const same = recall(read, { ...start, adopted: { [one]: 'up', [two]: 'down' } }, AT);
  assert.deepEqual([same.has(one), same.has(two)], [true, true]);
});

test('a server that gets nobody may be up: its quorum is lost, or its agent asks for none', () => {
  const one = checks[0]!.spec.id;
  const found = { ...start, adopted: { [one]: 'down' as const } };
  assert.equal(recall(read, { ...found, lost: new Set(['web']) }, AT).get(one)?.verdict, 'up');
  const none = remember([checkOfServer(1, { share: 0 })], names, 'd1', AT);
  assert.equal(recall(none, found, AT).get(one)?.share, 0);
});
