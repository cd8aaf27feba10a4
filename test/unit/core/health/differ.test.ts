import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type CheckState,
  type Compared,
  differing,
  type Heard,
  MAX_DIFFERING,
  patienceOf,
  type Word,
} from '../../../../src/core/health/index.ts';
import { checkOfServer, namesOf, specOf } from './checks.ts';

const NOW = 10_000;
const PATIENCE = patienceOf(specOf(1));
const up: Word = { verdict: 'up', reason: 'connected', risenAt: undefined };
const timedOut = (n: number, more: Partial<CheckState> = {}): CheckState =>
  checkOfServer(n, { verdict: 'down', reason: 'timed out', provenAt: 90_000, ...more });

const heardOf = (words: Record<string, Word>): Heard => ({
  digest: 'd1',
  owns: false,
  lost: new Set(),
  words: new Map(Object.entries(words)),
  more: false,
  closedAt: undefined,
});

const compared = (checks: readonly CheckState[], heard: Heard | undefined, node: 'a' | 'b' = 'a'): Compared => ({
  node,
  checks,
  names: namesOf(checks),
  heard,
});

/** What is alarmed `after` ms of what stands. */
function alarmed(what: Compared, after: number) {
  const first = differing(new Map(), what, NOW);
  assert.deepEqual(first.alarms, []);
  return differing(first.since, what, NOW + after).alarms;
}

test('two verdicts that go on to differ are named with both reasons, in the same words on both boxes', () => {
  const onA = compared([timedOut(1)], heardOf({ 'web/s1': up }));
  assert.deepEqual(alarmed(onA, PATIENCE), []);
  const text = 'web/s1 (192.0.2.1:8080): a finds it down (timed out), b finds it up (connected)';
  assert.deepEqual(alarmed(onA, PATIENCE + 1), [{ code: 'health-differs', subject: 'web/s1', text }]);
  const theirs: Word = { verdict: 'down', reason: 'timed out', risenAt: undefined };
  const onB = compared([checkOfServer(1, { provenAt: 90_000 })], heardOf({ 'web/s1': theirs }), 'b');
  assert.deepEqual(alarmed(onB, PATIENCE + 1), [{ code: 'health-differs', subject: 'web/s1', text }]);
});

test('the patience is some intervals more than the turn of the slower box takes', () => {
  assert.ok(PATIENCE > 2 * 1000);
  assert.ok(patienceOf(specOf(1, { interval: 60_000 })) >= 5 * 60_000);
  assert.ok(patienceOf(specOf(1, { fall: 10 })) >= 13_000);
});

test('verdicts that come together in between begin anew', () => {
  const apart = compared([timedOut(1)], heardOf({ 'web/s1': up }));
  const begun = differing(new Map(), apart, NOW);
  const together = differing(begun.since, compared([checkOfServer(1, { provenAt: 90_000 })], apart.heard), NOW + 1000);
  assert.equal(together.since.size, 0);
  assert.deepEqual(differing(together.since, apart, NOW + 2 * PATIENCE).alarms, []);
});

test('nothing differs from a twin that says nothing, nor about what this box has not proved', () => {
  const checks = [timedOut(1)];
  for (const what of [
    compared(checks, undefined),
    compared(checks, heardOf({})),
    compared([timedOut(1, { provenSince: undefined })], heardOf({ 'web/s1': up })),
    compared([timedOut(1, { provenAt: 0 })], heardOf({ 'web/s1': up })),
    compared([timedOut(1, { verdict: 'unknown' })], heardOf({ 'web/s1': up })),
  ]) {
    assert.deepEqual(alarmed(what, 2 * PATIENCE + 9000), []);
  }
});

test('more than a handful at once is one alarm with their number', () => {
  const several = (count: number) => {
    const checks = Array.from({ length: count }, (_, n) => timedOut(n + 1));
    return alarmed(
      compared(checks, heardOf(Object.fromEntries(checks.map((_, n) => [`web/s${n + 1}`, up])))),
      PATIENCE + 1,
    );
  };
  assert.equal(several(MAX_DIFFERING).length, MAX_DIFFERING);
  const all = several(300);
  assert.deepEqual(all, [
    {
      code: 'health-differs',
      subject: '',
      text: 'the boxes’ checks differ about 300 servers, the first is web/s1 (192.0.2.1:8080): a finds it down (timed out), b finds it up (connected)',
    },
  ]);
});
