import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLateness, LATENESS_WINDOW } from '../../../../src/shell/lane/lateness.ts';

test('the worst lateness is told for ten seconds, then forgotten', () => {
  const lateness = createLateness();
  assert.equal(lateness.worst(5000), 0);
  lateness.note(5000, 5100);
  lateness.note(5900, 5903);
  lateness.note(8000, 8020);
  assert.equal(lateness.worst(8020), 100);
  assert.equal(lateness.worst(5100 + LATENESS_WINDOW), 20);
  assert.equal(lateness.worst(8020 + LATENESS_WINDOW), 0);
});

test('a tenth that comes round again starts from nothing', () => {
  const lateness = createLateness();
  lateness.note(100, 600);
  lateness.note(LATENESS_WINDOW + 100, LATENESS_WINDOW + 103);
  assert.equal(lateness.worst(LATENESS_WINDOW + 200), 3);
});
