import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BURST, FRAMES, offsets, RATE, shortestGap } from '../../../../src/core/failover/pace.ts';

/** Most frames that any `ms` hold when announcements follow each other as fast as they may. */
function worst(addresses: number, ms: number): number {
  const gap = Math.max(1, shortestGap(addresses));
  const times = Array.from({ length: 4 }, (_, round) => offsets(addresses).map((at) => round * gap + at)).flat();
  return Math.max(...times.map((from) => FRAMES * times.filter((at) => at >= from && at < from + ms).length));
}

test('both floats of both families go out at once', () => {
  assert.deepEqual(offsets(4), [0, 0, 0, 0]);
  assert.equal(shortestGap(4), 0);
});

test('500 floats go out in 5 s, in order, and no second has more than the rate and one burst', () => {
  const times = offsets(500);
  assert.equal(times.length, 500);
  assert.deepEqual(
    times,
    times.toSorted((one, other) => one - other),
  );
  assert.equal(times.at(-1), ((500 * FRAMES - BURST) * 1000) / RATE);
  assert.ok(times.at(-1)! < shortestGap(500));
  const most = worst(500, 1000);
  assert.ok(most <= RATE + BURST, `${most} frames in a second`);
});
