import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paceOf, THINNED, type Thin, TICK } from '../../../image/rack/drill/pace.ts';

const periodMs = (count: number, thin: Thin = 1): number => paceOf(count, thin).slots * TICK;

test('a hundred connections exchange every 200 ms, a thousand every 2 s', () => {
  assert.deepEqual(
    [1, 100, 101, 1000].map((count) => periodMs(count)),
    [200, 200, 400, 2000],
  );
});

test('thinned, each exchanges as many times less often, and all are opened as soon', () => {
  assert.deepEqual(
    THINNED.map((thin) => periodMs(100, thin)),
    [200, 400, 800, 1600],
  );
  assert.equal(paceOf(1000, 8).openAtOnce, paceOf(1000, 1).openAtOnce);
});

test('no number of connections exchanges more than 500 times a second, nor opens for longer than 11 s', () => {
  for (let count = 1; count <= 1000; count++) {
    const rate = (count * 1000) / periodMs(count);
    assert.ok(rate <= 500, `${count}: ${rate}`);
    const openings = Math.ceil(count / paceOf(count, 1).openAtOnce);
    assert.ok(openings * 2 * TICK <= 11_000, `${count}: ${openings} openings`);
  }
});
