import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BAUDS } from '../../../src/model/document.ts';
import { BEAT_LINE_BYTES, lineShare, MAX_LINE_SHARE, shortestInterval } from '../../../src/model/serialLine.ts';

test('the default beat leaves most of the line free', () => {
  assert.ok(lineShare(20, 115_200) < 0.4);
});

test('a whole second of a full line is one', () => {
  assert.equal(lineShare(1000, BEAT_LINE_BYTES * 10), 1);
});

test('the shortest interval is right, and one less is wrong', () => {
  for (const baud of BAUDS) {
    const interval = shortestInterval(baud);
    assert.ok(lineShare(interval, baud) < MAX_LINE_SHARE, `${baud}`);
    assert.ok(interval === 1 || lineShare(interval - 1, baud) >= MAX_LINE_SHARE, `${baud}`);
  }
});
