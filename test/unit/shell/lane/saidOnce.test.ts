import assert from 'node:assert/strict';
import { test } from 'node:test';
import { saidOnce } from '../../../../src/shell/lane/saidOnce.ts';

test('the same is said once a minute, anything else at once', () => {
  const lines: string[] = [];
  let now = 0;
  const say = saidOnce(
    (line) => void lines.push(line),
    () => now,
  );
  for (; now < 150_000; now += 1000) say('disk full', `term 5 at ${now}: disk full`);
  assert.deepEqual(lines, ['term 5 at 0: disk full', 'term 5 at 60000: disk full', 'term 5 at 120000: disk full']);
  say('read-only', 'term 5: read-only');
  say('disk full', 'term 5: disk full');
  assert.deepEqual(lines.slice(3), ['term 5: read-only', 'term 5: disk full']);
});
