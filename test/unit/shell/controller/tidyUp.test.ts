import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AFTER_MS, createTidyUp, LARGE } from '../../../../src/shell/controller/tidyUp.ts';
import { FakeClock } from '../../../fakes/clock.ts';

test('memory is given back once after the last of several large documents, and never after a small one', () => {
  const clock = new FakeClock();
  let compacted = 0;
  const tidyUp = createTidyUp(() => {
    compacted += 1;
  }, clock);
  tidyUp.after(LARGE - 1);
  clock.advance(2 * AFTER_MS);
  assert.deepEqual([compacted, clock.timers], [0, 0]);
  tidyUp.after(LARGE);
  clock.advance(AFTER_MS - 1);
  tidyUp.after(LARGE);
  clock.advance(AFTER_MS - 1);
  assert.equal(compacted, 0);
  clock.advance(1);
  assert.deepEqual([compacted, clock.timers], [1, 0]);
  tidyUp.after(LARGE);
  tidyUp.close();
  assert.equal(clock.timers, 0);
});
