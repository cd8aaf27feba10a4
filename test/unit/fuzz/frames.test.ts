import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzFrames } from '../../fuzz/frames.ts';

test('20,000 hostile frames: nothing but counters moves, each is counted once, and every reason comes up', () => {
  const { arrived, refused } = fuzzFrames({ frames: 20_000, seed: 1 });
  const sum = Object.values(refused).reduce((total, count) => total + count, 0);
  assert.ok(arrived > 15_000 && sum <= arrived && sum > arrived * 0.95, `${arrived} arrived, ${sum} refused`);
  for (const why of ['truncated', 'long', 'future-version', 'foreign', 'corrupted', 'replayed', 'reflected']) {
    assert.ok((refused[why] ?? 0) > 10, `${why}: ${refused[why]}`);
  }
});
