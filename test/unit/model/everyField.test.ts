import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as z from 'zod';
import { documentSchema } from '../../../src/model/document.ts';
import { printPath, printValue } from '../../../src/model/faults.ts';
import { nodeSchema } from '../../../src/model/node.ts';
import { type Parsed, parseDocument, parseNodeFile } from '../../../src/model/parseDocument.ts';
import { accepts, limitsOf, type Spot, sample, spotsOf } from './walkSchema.ts';

/**
 * Every field of both files, found by walking their schemas: whatever is wrong with it, the answer says where, what stands
 * there and what would be right. A new field is held to it without a line here.
 */

const FILES: readonly (readonly [string, z.core.$ZodType, (text: string) => Parsed<unknown>])[] = [
  ['document', documentSchema, parseDocument],
  ['node file', nodeSchema, parseNodeFile],
];

const LONG = 'x'.repeat(5_000);
const OTHER_TYPES: readonly unknown[] = [null, true, 'no such word', LONG, 1.5, -1e300, [[]]];
/** What zod says by itself. */
const STOCK = /invalid|expected|received|unrecognized|too (big|small|long|short)/i;

/** Wrong values of a place, each with what the remedy has to say beside the general. */
function* wrongValues({ schema, definition }: Spot): Generator<readonly [unknown, ...string[]]> {
  const { type, entries, values, shape, element } = definition;
  const words = entries === undefined ? (values ?? []).map(String) : Object.values(entries);
  const { least, most } = limitsOf(schema);
  const says = type === 'number' ? [`${least}`, `${most}`] : words;
  for (const value of OTHER_TYPES) {
    // A list’s entries have places of their own.
    if (!accepts(schema, value) && !(type === 'array' && Array.isArray(value))) yield [value, ...says];
  }
  if (type === 'number') {
    yield [least - 1, ...says];
    yield [most + 1, ...says];
    yield [least + 0.5, ...says];
    yield [String(least), ...says];
  }
  const near = words.map((word) => `${word}x`).find((word) => word.length > 4);
  if (near !== undefined && type === 'enum') yield [near, ...says, 'did you mean "'];
  if (type === 'string') yield [LONG];
  if (shape !== undefined) yield [[], ...Object.keys(shape)];
  if (element !== undefined && !accepts(schema, [])) yield [[], 'at least one'];
  if (element !== undefined) yield [Array.from({ length: most + 1 }, () => sample(element))];
}

function judge(parsed: Parsed<unknown>, path: Spot['path'], value: unknown, says: readonly string[]): void {
  const where = printPath(path);
  const what = `${where}: ${printValue(value)}`;
  assert.ok(!parsed.ok, `${what} is accepted`);
  const faults = parsed.faults.filter((fault) => fault.path === where);
  assert.ok(faults.length > 0, `${what}: no fault has this path: ${JSON.stringify(parsed.faults)}`);
  for (const { path: place, value: shown, remedy } of parsed.faults) {
    assert.ok(place.length <= 120 && shown.length <= 80 && remedy.length <= 500, `${what}: bounded`);
    assert.match(
      remedy,
      /\b(give|there is no such field|name|leave|put|end it|remove|correct)\b/,
      `${what}: ${remedy}`,
    );
    assert.doesNotMatch(remedy, STOCK, what);
  }
  const own = faults.find(({ remedy }) => says.every((words) => remedy.includes(words)));
  assert.ok(own, `${what}: ${says.join(' … ')} is not in: ${faults.map(({ remedy }) => remedy).join(' | ')}`);
  assert.equal(own.value, printValue(value), what);
}

for (const [file, schema, parse] of FILES) {
  const spots = spotsOf(schema);
  const read = (value: unknown): Parsed<unknown> => parse(JSON.stringify(value));

  test(`${file}: every wrong value of every field names path, value and remedy`, () => {
    for (const spot of spots) {
      for (const [value, ...says] of wrongValues(spot)) judge(read(spot.holding(value)), spot.path, value, says);
    }
  });

  test(`${file}: every field that is needed is asked for`, () => {
    const needed = spots.filter(({ optional, path }) => !optional && typeof path.at(-1) === 'string');
    assert.ok(needed.length > 3);
    for (const spot of needed) judge(read(spot.holding()), spot.path, undefined, ['is missing: give']);
  });

  test(`${file}: every mapping refuses what it does not know, and says the nearest that it does`, () => {
    for (const spot of spots) {
      const { shape } = spot.definition;
      if (shape === undefined) continue;
      const own = sample(spot.schema) as Record<string, unknown>;
      judge(read(spot.holding({ ...own, zzzzzzzz: LONG })), [...spot.path, 'zzzzzzzz'], LONG, ['known are: ']);
      for (const key of Object.keys(shape).filter((word) => word.length > 4)) {
        const near = `${key.slice(0, 2)}${key.slice(3)}`;
        const { [key]: _meant, ...others } = own;
        judge(read(spot.holding({ ...others, [near]: 1 })), [...spot.path, near], 1, ['did you mean "']);
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
