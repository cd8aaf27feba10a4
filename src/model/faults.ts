import type { z } from 'zod';
import type { Fault } from './error.ts';

/** From zod's issues to faults a person can act on: where, what stands there, what would be right. */

type Path = readonly PropertyKey[];

/** `services[0].servers[2].weight`; the whole is `document`. */
export function printPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[\w-]{1,64}$/.test(String(part))) text += text === '' ? String(part) : `.${String(part)}`;
    else text += `[${JSON.stringify(String(part).slice(0, 40))}]`;
  }
  return text === '' ? 'document' : text;
}

/** What stands under these names goes into no message: it would be read over a shoulder, or kept in a log. */
const SECRETS: readonly PropertyKey[] = ['password'];
const HIDDEN = '(not shown)';

/** A value as it would be typed, at most 80 characters; secrets within it are not shown. */
export function printValue(value: unknown): string {
  if (value === undefined) return '(missing)';
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value, (key, inner) => (SECRETS.includes(key) ? HIDDEN : inner)) ?? String(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}

export const fault = (path: Path, value: unknown, remedy: string): Fault => ({
  path: printPath(path),
  value: value !== undefined && path.some((part) => SECRETS.includes(part)) ? HIDDEN : printValue(value),
  remedy,
});

/** What stands at `path` in a value read from text; undefined when there is no such place. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

/** What of a schema's definition (zod's `_zod.def`) faults are made of. */
export interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly element?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly discriminator?: string;
  /** The words of an enum, and of a literal. */
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
}

/** What a schema is beneath its defaults and optionals. */
export function definitionOf(schema: z.core.$ZodType): Definition {
  let definition = schema._zod.def as unknown as Definition;
  while (definition.innerType !== undefined) definition = definition.innerType._zod.def as unknown as Definition;
  return definition;
}

/** Of several mappings told apart by one field, the one that `value` says it is; the first when it says nothing known. */
function chosen(definition: Definition, value: unknown): Definition {
  const { options, discriminator } = definition;
  if (options === undefined || discriminator === undefined) return definition;
  const word = valueAt(value, [discriminator]) as z.core.util.Primitive;
  const option = options.find((each) => each._zod.propValues?.[discriminator]?.has(word)) ?? options[0];
  return option === undefined ? definition : definitionOf(option);
}

/** What the schema has at `path`; undefined when nothing. @param raw what was written, which chooses between mappings */
function definitionAt(schema: z.core.$ZodType, path: Path, raw: unknown): Definition | undefined {
  let definition = definitionOf(schema);
  for (const [index, part] of path.entries()) {
    const { element, shape } = chosen(definition, valueAt(raw, path.slice(0, index)));
    const next = typeof part === 'number' ? element : shape?.[String(part)];
    if (next === undefined) return undefined;
    definition = definitionOf(next);
  }
  return definition;
}

/** The object schema's own field names at `path`; empty when there is no object. */
function keysAt(schema: z.core.$ZodType, path: Path, raw: unknown): readonly string[] {
  const definition = definitionAt(schema, path, raw);
  return definition === undefined ? [] : Object.keys(chosen(definition, valueAt(raw, path)).shape ?? {});
}

/** The words that an issue's field may have; empty when it is no matter of words. */
function wordsOf(issue: z.core.$ZodIssue, raw: unknown, schema: z.core.$ZodType): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union') return [];
  const { options = [], discriminator = '' } = definitionAt(schema, issue.path.slice(0, -1), raw) ?? {};
  const words = options.flatMap((option) => [...(option._zod.propValues?.[discriminator] ?? [])]);
  return words.filter((word) => typeof word === 'string');
}

/** Steps from one short word to another: a letter more, less or other, or two neighbours the wrong way round. */
function distance(left: string, right: string): number {
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, j) => j)];
  const cell = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= left.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= right.length; j++) {
      const other = cell(i - 1, j - 1) + (left[i - 1] === right[j - 1] ? 0 : 1);
      const steps = [other, cell(i - 1, j) + 1, cell(i, j - 1) + 1];
      const turned = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      if (turned) steps.push(cell(i - 2, j - 2) + 1);
      rows[i]?.push(Math.min(...steps));
    }
  }
  return cell(left.length, right.length);
}

/** The word a person most likely meant; undefined when none is near. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  if (word.length > 40) return undefined;
  const plain = word.toLowerCase().replaceAll('-', '_');
  const scored = words.map((candidate) => {
    const known = candidate.toLowerCase();
    const part = known.startsWith(plain) || (plain.length > 3 && plain.includes(known));
    return { candidate, score: part ? 1 : distance(plain, known) };
  });
  scored.sort((left, right) => left.score - right.score);
  const best = scored[0];
  const near = plain.length < 3 ? 0 : Math.max(1, Math.floor(plain.length / 3));
  return best !== undefined && best.score <= near ? best.candidate : undefined;
}

/** What is there already is not what was meant. */
function unknownKey(key: string, known: readonly string[], present: readonly string[]): string {
  const meant = nearest(
    key,
    known.filter((name) => !present.includes(name)),
  );
  return meant === undefined
    ? `there is no such field here; known are: ${known.join(', ')}`
    : `there is no such field here; did you mean "${meant}"?`;
}

function remedyOf(issue: z.core.$ZodIssue, value: unknown, raw: unknown, schema: z.core.$ZodType): string {
  let remedy = issue.message;
  if (issue.code === 'invalid_type' && (issue.expected === 'object' || issue.expected === 'record')) {
    remedy = `give a mapping with the fields ${keysAt(schema, issue.path, raw).join(', ')}`;
  }
  if (typeof value === 'string') {
    const meant = nearest(value, wordsOf(issue, raw, schema));
    if (meant !== undefined) remedy += `; did you mean "${meant}"?`;
  }
  return value === undefined ? `is missing: ${remedy}` : remedy;
}

/** `raw` is what was parsed, so that the value itself can be shown. */
export function faultsOf(issues: readonly z.core.$ZodIssue[], raw: unknown, schema: z.core.$ZodType): Fault[] {
  return issues.flatMap((issue): Fault[] => {
    if (issue.code === 'unrecognized_keys') {
      const known = keysAt(schema, issue.path, raw);
      const present = known.filter((name) => valueAt(raw, [...issue.path, name]) !== undefined);
      return issue.keys.map((key) => {
        const path = [...issue.path, key];
        return fault(path, valueAt(raw, path), unknownKey(key, known, present));
      });
    }
    const value = valueAt(raw, issue.path);
    return [fault(issue.path, value, remedyOf(issue, value, raw, schema))];
  });
}
