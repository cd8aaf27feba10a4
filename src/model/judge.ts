import type { z } from 'zod';
import type { Fault } from './error.ts';
import { faultsOf } from './faults.ts';

/** A value held against a schema: what it is, or every fault in words a person can act on. */

export type Judged<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly faults: readonly Fault[] };

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
};
const COUNTED: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };

const counted = (origin: string, limit: number | bigint): string => `${limit}${COUNTED[origin] ?? ''}`;
const oneOf = (words: readonly unknown[]): string =>
  `${words.length === 1 ? 'give' : 'give one of:'} ${words.join(', ')}`;

function wordsOfUnion(inst: unknown): readonly unknown[] {
  const { options = [], discriminator = '' } =
    (inst as z.core.$ZodDiscriminatedUnion | undefined)?._zod.def ?? ({} as Partial<z.core.$ZodDiscriminatedUnionDef>);
  return options.flatMap((option) => [...(option._zod.propValues?.[discriminator] ?? [])]);
}

/** What would be right, for fields that do not say it themselves: those of requests between programs. */
function remedy(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `give ${KINDS[issue.expected] ?? issue.expected}`;
    case 'too_big':
      return `give at most ${counted(issue.origin, issue.maximum)}`;
    case 'too_small':
      return `give ${issue.inclusive === false ? 'more than' : 'at least'} ${counted(issue.origin, issue.minimum)}`;
    case 'invalid_value':
      return oneOf(issue.values);
    case 'invalid_union':
      return oneOf(wordsOfUnion(issue.inst));
    case 'invalid_format':
      return `give text of the form ${issue.pattern ?? issue.format}`;
    default:
      return undefined;
  }
}

/** Never throws. Faults come in the order of the schema’s fields. */
export function judge<T>(schema: z.ZodType<T>, raw: unknown): Judged<T> {
  const parsed = schema.safeParse(raw, { error: remedy });
  return parsed.success
    ? { ok: true, data: parsed.data }
    : { ok: false, faults: faultsOf(parsed.error.issues, raw, schema) };
}
