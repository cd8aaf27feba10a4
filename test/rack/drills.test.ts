import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DRILLS } from '../../image/rack/drill/drills.ts';
import type { RunResult } from '../../image/rack/drill/result.ts';
import { verb } from './verbs.ts';

/** Each fault once, on two booted boxes. */
describe('a drill in the rack', () => {
  for (const { name, fault } of DRILLS) {
    test(`${name}: ${fault}`, async () => {
      const { code, stdout } = await verb(['drill', name, '--json'], (text) => process.stderr.write(text));
      process.stderr.write(stdout);
      const lines = stdout.split('\n').filter((line) => line !== '');
      assert.equal(lines.length, 1, 'one line a run');
      const result = JSON.parse(lines[0]!) as RunResult;
      assert.deepEqual(result.reasons, []);
      assert.equal(result.ok, true);
      assert.equal(code, 0);
    });
  }

  test('an unknown one is refused with the names there are', async () => {
    const { code, stderr } = await verb(['drill', 'nothing']);
    assert.equal(code, 2);
    assert.match(stderr, /power-cut/);
  });
});
