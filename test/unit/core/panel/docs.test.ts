import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PATTERNS, type Shine } from '../../../../src/core/panel/index.ts';
import { LEDS } from '../../../../src/model/panel.ts';

const words = (shine: Shine | undefined): string => {
  if (shine === undefined) return '';
  if (typeof shine === 'string') return shine;
  return `${shine.on} of ${shine.period} ms${shine.shift === 0 ? '' : ', opposite'}`;
};

test('docs/panel.md prints the table of patterns as it is', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../docs/panel.md'), 'utf8');
  const printed = text.split('\n').filter((line) => line.startsWith('| '));
  const right = PATTERNS.map(
    ({ condition, meaning, shows }) =>
      `| ${[condition, meaning, ...LEDS.map((led) => words(shows[led]))].join(' | ')} |`,
  );
  assert.deepEqual(printed.slice(1, 1 + right.length), right);
});
