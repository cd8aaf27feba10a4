import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchdogOf } from '../../../../src/shell/lane/watchdog.ts';

test('an owner has what the unit says, or two deadlines, and less than a float lives', () => {
  assert.equal(watchdogOf(800, true, 100), 800);
  assert.equal(watchdogOf(800, true, 600), 1200);
  assert.equal(watchdogOf(800, true, 10_000), 1600);
});

test('a lane without floats has 3 s, whatever the deadline', () => {
  assert.equal(watchdogOf(800, false, 100), 3000);
  assert.equal(watchdogOf(5000, false, 100), 5000);
});
