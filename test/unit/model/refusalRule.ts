import assert from 'node:assert/strict';
import type { Fault } from '../../../src/model/error.ts';
import { fault, printPath, printValue } from '../../../src/model/faults.ts';
import { accepts, limitsOf, type Spot, sample } from './walkSchema.ts';

/** What every refusal of something written owes its reader, and the wrong values that find out. */

export const LONG = 'x'.repeat(5_000);
const OTHER_TYPES: readonly unknown[] = [null, true, 'no such word', LONG, 1.5, -1e300, [[]]];
/** What zod says by itself. */
const STOCK = /invalid|expected|received|unrecognized|too (big|small|long|short)/i;

/** Wrong values of a place, each with what the remedy has to say. @param ranged a number’s remedy has both its ends */
export function* wrongValues({ schema, definition }: Spot, ranged = true): Generator<readonly [unknown, ...string[]]> {
  const { type, entries, values, shape, element } = definition;
  const words = entries === undefined ? (values ?? []).map(String) : Object.values(entries);
  const { least, most } = limitsOf(schema);
  const says = type === 'number' && ranged ? [`${least}`, `${most}`] : words;
  for (const value of OTHER_TYPES) {
    // A list’s entries have places of their own.
    if (!accepts(schema, value) && !(type === 'array' && Array.isArray(value))) yield [value, ...says];
  }
  if (type === 'number') {
    if (Number.isFinite(least)) yield [least - 1, ...says];
    if (most < Number.MAX_SAFE_INTEGER) yield [most + 1, ...says];
    if (!accepts(schema, 0.5)) yield [0.5, ...says];
    yield ['7', ...says];
  }
  const near = words.map((word) => `${word}x`).find((word) => word.length > 4);
  if (near !== undefined && type === 'enum') yield [near, ...says, 'did you mean "'];
  if (type === 'string') yield [Number.isFinite(most) ? 'x'.repeat(most + 1) : LONG];
  if (shape !== undefined) yield [[], ...Object.keys(shape)];
  if (element !== undefined && !accepts(schema, [])) yield [[], 'at least one'];
  if (element !== undefined) yield [Array.from({ length: most + 1 }, () => sample(element))];
}

/** Holds the answer to `value` at `path` to the rule: where it is, what stands there, and all of `says` in what would be right. */
export function holdToRule(found: readonly Fault[], path: Spot['path'], value: unknown, says: readonly string[]): void {
  const where = printPath(path);
  const what = `${where}: ${printValue(value)}`;
  assert.ok(found.length > 0, `${what} is accepted`);
  const faults = found.filter((each) => each.path === where);
  assert.ok(faults.length > 0, `${what}: no fault has this path: ${JSON.stringify(found)}`);
  for (const { path: place, value: shown, remedy } of found) {
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
  assert.equal(own.value, fault(path, value, '').value, what);
}
