import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeCuts, type Turn, turnsTo } from '../../../../image/rack/churn/judge.ts';

const DEADLINE = 300_000;
const turns: readonly Turn[] = [
  { server: 'x/s1', standing: 'in', at: 0 },
  { server: 'x/s1', standing: 'drained', at: 1000 },
  { server: 'x/s1', standing: 'in', at: 5000 },
  { server: 'x/s2', standing: 'out', at: 2000 },
];
const cut = (server: string, at: number) => ({ server, at, how: 'ECONNRESET' });
const judged = (...cuts: ReturnType<typeof cut>[]) => {
  const { drained, inUse, due } = judgeCuts(cuts, turns, DEADLINE);
  return { drained, inUse, due };
};

test('a cut counts by how its server stood then', () => {
  assert.deepEqual(judged(cut('x/s1', 500)), { drained: 0, inUse: 1, due: 0 });
  assert.deepEqual(judged(cut('x/s1', 4999)), { drained: 1, inUse: 0, due: 0 }, 'drained by an operator: no deadline');
  assert.deepEqual(judged(cut('x/s1', 5000)), { drained: 0, inUse: 1, due: 0 });
  assert.deepEqual(judged(cut('y/s3', 5000)), { drained: 0, inUse: 1, due: 0 }, 'nobody touched it');
});

test('out of the document, a server’s connections are let be until the deadline, and not longer', () => {
  assert.deepEqual(judged(cut('x/s2', 2000 + DEADLINE - 1)), { drained: 1, inUse: 0, due: 0 });
  assert.deepEqual(judged(cut('x/s2', 2000 + DEADLINE)), { drained: 0, inUse: 0, due: 1 });
});

test('the first few wrong ones are told, the others counted', () => {
  const { drained, examples } = judgeCuts(
    Array.from({ length: 20 }, () => cut('x/s2', 3500)),
    turns,
    DEADLINE,
  );
  assert.equal(drained, 20);
  assert.equal(examples.length, 5);
  assert.equal(examples[0], 'x/s2: ECONNRESET 1.5 s after it was out of the document');
});

test('turns are what changed, and only that', () => {
  const before = new Map([
    ['x/s1', 'in'],
    ['x/s2', 'drained'],
    ['x/s3', 'in'],
  ] as const);
  const after = new Map([
    ['x/s1', 'in'],
    ['x/s3', 'drained'],
    ['y/s1', 'in'],
  ] as const);
  assert.deepEqual(turnsTo(before, after, 9), [
    { server: 'x/s2', standing: 'out', at: 9 },
    { server: 'x/s3', standing: 'drained', at: 9 },
    { server: 'y/s1', standing: 'in', at: 9 },
  ]);
});
