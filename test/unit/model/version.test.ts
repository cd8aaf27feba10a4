import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { VERSION } from '../../../src/model/version.ts';

test('the release is the package’s', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8');
  assert.equal(VERSION, (JSON.parse(text) as { version: string }).version);
});
