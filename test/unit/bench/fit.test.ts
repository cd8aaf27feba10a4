import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitOf } from '../../bench/fit.ts';

test('points on a line give that line; a bend is seen', () => {
  const line = fitOf([1, 2, 4, 8].map((x) => [x, 3 + 2 * x] as const));
  assert.deepEqual(
    [line.slope, line.base, line.r2].map((value) => Number(value.toFixed(9))),
    [2, 3, 1],
  );
  const bent = fitOf([1, 2, 4, 8, 16].map((x) => [x, x ** 3] as const));
  assert.ok(bent.r2 < 0.95, `${bent.r2}`);
  const flat = fitOf([
    [1, 5],
    [2, 5],
  ]);
  assert.deepEqual([flat.slope, flat.base, flat.r2], [0, 5, 1]);
});
