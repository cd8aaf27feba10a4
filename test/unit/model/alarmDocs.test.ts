import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SEVERITY } from '../../../src/model/alarmRank.ts';
import { alarmRemedy } from '../../../src/model/alarmRemedy.ts';

const PAGE = join(import.meta.dirname, '../../../docs/alarms.md');

test('docs/alarms.md has a row for every code, in the order of the status, with severity and remedy as they are told', () => {
  const rows = readFileSync(PAGE, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | '));
  assert.deepEqual(
    rows.map(([code, severity, , remedy]) => [code, severity, remedy]),
    Object.entries(SEVERITY).map(([code, severity]) => [`| \`${code}\``, severity, `${alarmRemedy(code)} |`]),
  );
  for (const [code, , when] of rows) assert.ok(when !== undefined && when.length > 10, code);
});
