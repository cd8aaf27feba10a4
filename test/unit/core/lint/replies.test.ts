import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingReplies, type Watches, watchReplies } from '../../../../src/core/lint/replies.ts';

/** One server, looked at every 5 s: how many packets have gone in and come out by then. */
function missingAfter(looks: readonly (readonly [packetsIn: number, packetsOut: number])[]): boolean[] {
  let watches: Watches = new Map();
  return looks.map(([packetsIn, packetsOut], index) => {
    watches = watchReplies(watches, [{ name: 'web/s1', packetsIn, packetsOut }], 5000 * index);
    return missingReplies(watches).length > 0;
  });
}

test('twenty packets in over ten seconds and none out: its answers are missing, until one comes', () => {
  const looks = [
    [100, 90],
    [110, 90],
    [130, 90],
    [140, 90],
    [140, 90],
    [150, 91],
    [150, 91],
  ] as const;
  assert.deepEqual(missingAfter(looks), [false, false, true, true, true, false, false]);
});

test('a server that answers now and then, one that nobody asks, and a few packets are no matter', () => {
  const answering = Array.from({ length: 20 }, (_, index) => [1000 * index, index] as const);
  assert.ok(missingAfter(answering).every((missing) => !missing));
  assert.ok(missingAfter(Array.from({ length: 20 }, () => [500, 400] as const)).every((missing) => !missing));
  assert.ok(missingAfter(Array.from({ length: 20 }, (_, index) => [index, 0] as const)).every((missing) => !missing));
});

test('after a rest the first packets have their time to be answered', () => {
  const looks = [
    [10, 5],
    [10, 5],
    [10, 5],
    [10, 5],
    [60, 5],
    [60, 55],
  ] as const;
  assert.ok(missingAfter(looks).every((missing) => !missing));
});

test('counters that go back begin anew, and a server that is gone is forgotten', () => {
  const before = watchReplies(new Map(), [{ name: 'web/s1', packetsIn: 500, packetsOut: 0 }], 0);
  const again = watchReplies(before, [{ name: 'web/s1', packetsIn: 3, packetsOut: 0 }], 60_000);
  const later = watchReplies(again, [{ name: 'web/s1', packetsIn: 525, packetsOut: 0 }], 61_000);
  assert.deepEqual(missingReplies(later), []);
  assert.equal(watchReplies(again, [], 61_000).size, 0);
});
