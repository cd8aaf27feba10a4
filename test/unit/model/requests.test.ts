import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as z from 'zod';
import { consoleRequest } from '../../../src/model/console.ts';
import { controllerRequest, laneRequest } from '../../../src/model/control.ts';
import { printPath } from '../../../src/model/faults.ts';
import { judge } from '../../../src/model/judge.ts';
import { twinMessage, twinQuestion } from '../../../src/model/twin.ts';
import { holdToRule, wrongValues } from './refusalRule.ts';
import { accepts, limitsOf, spotsOf } from './walkSchema.ts';

/** Every field of every request and message, found by walking their schemas, as everyField.test.ts does it for files. */

const REQUESTS: readonly (readonly [string, z.ZodType])[] = [
  ['controller’s socket', controllerRequest],
  ['lane’s socket', laneRequest],
  ['web console', consoleRequest],
  ['twin’s messages', twinMessage],
  ['twin’s questions', twinQuestion],
];

/** A text that its own module judges, in words that do not show it; the line’s limit bounds it here. */
const JUDGED_ELSEWHERE = ['password'];

const faultsIn = (schema: z.ZodType, value: unknown) => {
  const judged = judge(schema, value);
  return judged.ok ? [] : judged.faults;
};

for (const [where, schema] of REQUESTS) {
  const spots = spotsOf(schema);

  test(`${where}: every wrong value names path, value and remedy`, () => {
    assert.ok(spots.length > 1);
    for (const spot of spots) {
      for (const [value, ...says] of wrongValues(spot, false)) {
        if (typeof value === 'string' && JUDGED_ELSEWHERE.includes(String(spot.path.at(-1)))) continue;
        holdToRule(faultsIn(schema, spot.holding(value)), spot.path, value, says);
      }
    }
  });

  test(`${where}: every text and every list has an end`, () => {
    for (const { path, definition, schema: field } of spots) {
      if (definition.type !== 'string' && definition.type !== 'array') continue;
      if (JUDGED_ELSEWHERE.includes(String(path.at(-1)))) continue;
      const bounded = Number.isFinite(limitsOf(field).most) || !accepts(field, 'x'.repeat(1_000_001));
      assert.ok(bounded, `${printPath(path)} has no limit`);
    }
  });
}

test('a request of no known kind is told the known ones', () => {
  assert.deepEqual(
    faultsIn(controllerRequest, { do: 'aply' }).map(({ path, value }) => [path, value]),
    [['do', '"aply"']],
  );
  assert.match(
    faultsIn(controllerRequest, { do: 'aply' })[0]!.remedy,
    /^give one of: status, show, .*; did you mean "apply"\?$/,
  );
});

test('a password is in no message, wherever it stands', () => {
  const secret = 'correct horse';
  for (const wrong of [
    { do: 'password', password: [secret], author: 'cli:root' },
    { do: 'password', password: { secret }, author: 'cli:root' },
    [{ do: 'password', password: secret }],
    { do: { password: secret } },
  ]) {
    const found = faultsIn(controllerRequest, wrong);
    assert.ok(found.length > 0);
    assert.doesNotMatch(JSON.stringify(found), /correct horse/);
  }
});
