import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LINT, LINT_CODES } from '../../../../src/model/lint.ts';

const PAGE = join(import.meta.dirname, '../../../../docs/lint.md');

test('docs/lint.md has a row for every code, with its alarm, reason and remedy as they are told', () => {
  const page = readFileSync(PAGE, 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const wanted = LINT_CODES.map((code) => {
    const { alarm, why, remedy } = LINT[code];
    return `| \`${code}\` | ${alarm ? 'yes' : ''} | ${why} | ${remedy} |`;
  });
  assert.deepEqual(rows, wanted);
});
