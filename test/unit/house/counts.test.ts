import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCounter } from '../../counts.ts';

test('closing lines of several runs add up, coloured or not', () => {
  const counter = createCounter();
  for (const line of [
    '✔ x (1ms)',
    'ℹ pass 3',
    'ℹ fail 1',
    '\u001b[34mℹ pass 2\u001b[39m',
    '# cancelled 1',
    '# skipped 2',
  ]) {
    counter.line(line);
  }
  assert.deepEqual(counter.counts(), { passed: 5, failed: 2, skipped: 2 });
});

test('a test that prints such a line inside a sentence is not counted', () => {
  const counter = createCounter();
  counter.line('it said ℹ pass 3');
  assert.deepEqual(counter.counts(), { passed: 0, failed: 0, skipped: 0 });
});
