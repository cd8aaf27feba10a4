import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paceOf, TICK } from '../../../image/rack/drill/pace.ts';

const periodMs = (count: number): number => paceOf(count).slots * TICK;

test('a hundred connections exchange every 200 ms, a thousand every 2 s', () => {
  assert.deepEqual([1, 100, 101, 1000].map(periodMs), [200, 200, 400, 2000]);
});

test('no number of connections exchanges more than 500 times a second, nor opens for longer than 11 s', () => {
  for (let count = 1; count <= 1000; count++) {
    const rate = (count * 1000) / periodMs(count);
    assert.ok(rate <= 500, `${count}: ${rate}`);
    const openings = Math.ceil(count / paceOf(count).openAtOnce);
    assert.ok(openings * 2 * TICK <= 11_000, `${count}: ${openings} openings`);
  }
});
