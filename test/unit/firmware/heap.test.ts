import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compactHeap } from '../../../firmware/heap.ts';

test('what nothing refers to is given back at once', () => {
  compactHeap();
  const before = process.memoryUsage().heapUsed;
  let garbage: unknown[] | undefined = Array.from({ length: 200_000 }, (_, at) => ({ at }));
  const held = process.memoryUsage().heapUsed - before;
  assert.equal(garbage.length, 200_000);
  garbage = undefined;
  compactHeap();
  const left = process.memoryUsage().heapUsed - before;
  assert.ok(left < held / 4, `${left} of ${held} bytes are left`);
});
