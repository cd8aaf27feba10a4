import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentile, StallMeter } from '../../../image/rack/drill/stall.ts';

test('a stall counts while it lasts and after the tick that ends it, ordinary lateness never', () => {
  const meter = new StallMeter(5, 0);
  assert.equal(meter.tick(5), 0);
  assert.equal(meter.tick(12), 0);
  assert.equal(meter.total(12 + 8), 0);
  assert.equal(meter.total(12 + 105), 100);
  assert.equal(meter.tick(12 + 105), 100);
  assert.equal(meter.total(12 + 106), 100);
  assert.equal(meter.tick(12 + 110), 0);
  assert.equal(meter.total(12 + 110), 100);
});

test('a percentile is one of the samples', () => {
  assert.equal(percentile([], 0.99), 0);
  assert.equal(percentile([3, 1, 2], 0), 1);
  assert.equal(percentile([3, 1, 2], 1), 3);
  assert.equal(
    percentile(
      Array.from({ length: 100 }, (_, n) => n),
      0.99,
    ),
    99,
  );
});
