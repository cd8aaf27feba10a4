import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paceOf, TICK } from '../../../image/rack/drill/pace.ts';

const periodMs = (count: number): number => paceOf(count).slots * TICK;

test('a hundred connections exchange every 50 ms, a thousand every 500 ms', () => {
  assert.deepEqual([1, 100, 101, 1000].map(periodMs), [50, 50, 100, 500]);
});

test('no number of connections exchanges more than 2000 times a second, nor opens for longer than 11 s', () => {
  for (let count = 1; count <= 1000; count++) {
    const rate = (count * 1000) / periodMs(count);
    assert.ok(rate <= 2000, `${count}: ${rate}`);
    const openings = Math.ceil(count / paceOf(count).openAtOnce);
    assert.ok(openings * 2 * TICK <= 11_000, `${count}: ${openings} openings`);
  }
});
