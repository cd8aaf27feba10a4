import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as z from 'zod';
import { documentSchema } from '../../../src/model/document.ts';
import { printPath, printValue } from '../../../src/model/faults.ts';
import { nodeSchema } from '../../../src/model/node.ts';
import { type Parsed, parseDocument, parseNodeFile } from '../../../src/model/parseDocument.ts';
import { holdToRule, LONG, wrongValues } from './refusalRule.ts';
import { accepts, limitsOf, type Spot, sample, spotsOf } from './walkSchema.ts';

/**
 * Every field of both files, found by walking their schemas: whatever is wrong with it, the answer says where, what stands
 * there and what would be right. A new field is held to it without a line here.
 */

const FILES: readonly (readonly [string, z.core.$ZodType, (text: string) => Parsed<unknown>])[] = [
  ['document', documentSchema, parseDocument],
  ['node file', nodeSchema, parseNodeFile],
];

function refused(parsed: Parsed<unknown>, path: Spot['path'], value: unknown, says: readonly string[]): void {
  holdToRule(parsed.ok ? [] : parsed.faults, path, value, says);
}

for (const [file, schema, parse] of FILES) {
  const spots = spotsOf(schema);
  const read = (value: unknown): Parsed<unknown> => parse(JSON.stringify(value));

  test(`${file}: every wrong value of every field names path, value and remedy`, () => {
    for (const spot of spots) {
      for (const [value, ...says] of wrongValues(spot)) refused(read(spot.holding(value)), spot.path, value, says);
    }
  });

  test(`${file}: every field that is needed is asked for`, () => {
    const needed = spots.filter(({ optional, path }) => !optional && typeof path.at(-1) === 'string');
    assert.ok(needed.length > 3);
    for (const spot of needed) refused(read(spot.holding()), spot.path, undefined, ['is missing: give']);
  });

  test(`${file}: every mapping refuses what it does not know, and says the nearest that it does`, () => {
    for (const spot of spots) {
      const { shape } = spot.definition;
      if (shape === undefined) continue;
      const own = sample(spot.schema) as Record<string, unknown>;
      refused(read(spot.holding({ ...own, zzzzzzzz: LONG })), [...spot.path, 'zzzzzzzz'], LONG, ['known are: ']);
      for (const key of Object.keys(shape).filter((word) => word.length > 4)) {
        const near = `${key.slice(0, 2)}${key.slice(3)}`;
        const { [key]: _meant, ...others } = own;
        refused(read(spot.holding({ ...others, [near]: 1 })), [...spot.path, near], 1, ['did you mean "']);
      }
    }
  });

  test(`${file}: the limits themselves are accepted`, () => {
    for (const { path, schema: field, definition } of spots) {
      const { least, most } = limitsOf(field);
      const ends =
        definition.type === 'number'
          ? [least, most]
          : definition.type === 'array'
            ? [Array.from({ length: most }, () => sample(definition.element!))]
            : [];
      for (const end of ends) assert.ok(accepts(field, end), `${printPath(path)}: ${printValue(end)}`);
    }
  });
}
