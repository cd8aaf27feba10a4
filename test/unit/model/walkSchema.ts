import * as z from 'zod';
import { type Definition, definitionOf } from '../../../src/model/faults.ts';

/** A place of a schema: the fields that lead there, and a sound value of the whole in which it stands. */
export interface Spot {
  readonly path: readonly (string | number)[];
  readonly schema: z.core.$ZodType;
  readonly definition: Definition;
  readonly optional: boolean;
  /** The whole with `value` at this place; without one the place is left out. */
  readonly holding: (...value: readonly [unknown] | readonly []) => unknown;
}

const TEXTS = [
  'a',
  '/a',
  '192.0.2.11',
  '192.0.2.11/24',
  '2001:db8::11/64',
  '200-299',
  'www.example.org',
  '255.255.255.0',
  '0a'.repeat(32),
];

export const accepts = (schema: z.core.$ZodType, value: unknown): boolean => z.safeParse(schema, value).success;

/** A sound value: what has to be there and nothing else. */
export function sample(schema: z.core.$ZodType): unknown {
  const definition = definitionOf(schema);
  const { type, shape, element, options } = definition;
  if (type === 'object') return fieldsOf(shape ?? {});
  if (type === 'array') return accepts(schema, []) ? [] : [sample(element!)];
  if (type === 'union' && definition.discriminator !== undefined) return sample(options![0]!);
  const words = definition.entries === undefined ? (definition.values ?? []) : Object.values(definition.entries);
  const found = [...words, true, limitsOf(schema).least, 0, ...TEXTS].find((value) => accepts(schema, value));
  if (found === undefined) throw new Error(`no sample of a ${type}: add a text that it accepts`);
  return found;
}

function fieldsOf(shape: Readonly<Record<string, z.core.$ZodType>>): Record<string, unknown> {
  const needed = Object.entries(shape).filter(([, field]) => !accepts(field, undefined));
  return Object.fromEntries(needed.map(([key, field]) => [key, sample(field)]));
}

/** Of a number its range, of a list or text its count; infinite where there is no end. */
export function limitsOf(schema: z.core.$ZodType): { readonly least: number; readonly most: number } {
  const checks = (inner(schema)._zod.def.checks ?? []).map(({ _zod }) => _zod.def as unknown as Bound);
  const of = (...kinds: readonly string[]): Bound | undefined => checks.find(({ check }) => kinds.includes(check));
  const [low, high] = [of('greater_than', 'min_length'), of('less_than', 'max_length')];
  const above = low?.inclusive === false ? 1 : 0;
  const none = inner(schema)._zod.def.type === 'number' ? Number.NEGATIVE_INFINITY : 0;
  return {
    least: (low?.value ?? low?.minimum ?? none) + above,
    most: high?.value ?? high?.maximum ?? Number.POSITIVE_INFINITY,
  };
}

interface Bound {
  readonly check: string;
  readonly value?: number;
  readonly inclusive?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

function inner(schema: z.core.$ZodType): z.core.$ZodType {
  const within = (schema._zod.def as unknown as { readonly innerType?: z.core.$ZodType }).innerType;
  return within === undefined ? schema : inner(within);
}

const LEFT_OUT = Symbol('left out');

/** Every place of a schema, the whole first. Of mappings told apart by a word, each with its own. */
export function spotsOf(schema: z.core.$ZodType): Spot[] {
  return [...walk(schema, [], (value) => value)];
}

function* walk(schema: z.core.$ZodType, path: Spot['path'], put: (value: unknown) => unknown): Generator<Spot> {
  const definition = definitionOf(schema);
  const holding: Spot['holding'] = (...value) => put(value.length === 0 ? LEFT_OUT : value[0]);
  yield { path, schema, definition, optional: accepts(schema, undefined), holding };
  yield* below(definition, path, put);
}

function* below(definition: Definition, path: Spot['path'], put: (value: unknown) => unknown): Generator<Spot> {
  const { shape, element, options, discriminator } = definition;
  for (const [key, field] of Object.entries(shape ?? {})) {
    yield* walk(field, [...path, key], (value) => {
      const { [key]: _own, ...others } = fieldsOf(shape ?? {});
      return put(value === LEFT_OUT ? others : { ...others, [key]: value });
    });
  }
  if (element !== undefined) yield* walk(element, [...path, 0], (value) => put(value === LEFT_OUT ? [] : [value]));
  if (discriminator === undefined) return;
  for (const option of options ?? []) {
    const word = [...(option._zod.propValues?.[discriminator] ?? [])].find((each) => typeof each === 'string');
    const said = (value: unknown): unknown => put({ [discriminator]: word, ...(value as object) });
    for (const spot of below(definitionOf(option), path, said)) if (spot.path.at(-1) !== discriminator) yield spot;
  }
}
