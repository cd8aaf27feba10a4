import type { z } from 'zod';
import { documentSchema, fillDocument, LIMITS, type PairDocument } from './document.ts';
import { documentChecks } from './documentChecks.ts';
import type { Fault } from './error.ts';
import { faultsOf } from './faults.ts';
import { type NodeFile, nodeSchema } from './node.ts';
import { salvage } from './salvage.ts';
import { readYaml } from './yamlText.ts';

export type Parsed<T> =
  | { readonly ok: true; readonly document: T; readonly warnings: readonly Fault[] }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** At most `LIMITS.faults`; the last one then says how many more there are. */
function bounded(faults: readonly Fault[]): readonly Fault[] {
  if (faults.length <= LIMITS.faults) return faults;
  const rest = faults.length - LIMITS.faults + 1;
  const more = { path: 'document', value: `${rest} more faults`, remedy: 'correct those above first' };
  return [...faults.slice(0, LIMITS.faults - 1), more];
}

const shape = <T>(schema: z.ZodType<T>, value: unknown) => {
  const parsed = schema.safeParse(value);
  return parsed.success ? { data: parsed.data, faults: [] } : { faults: faultsOf(parsed.error.issues, value, schema) };
};

/**
 * Reads the pair document, YAML or JSON. All faults at once, of form and between fields; defaults are filled. Warnings name
 * what is allowed and probably not meant. Never throws.
 */
export function parseDocument(text: string): Parsed<PairDocument> {
  const read = readYaml(text, LIMITS.text);
  if (!read.ok) return read;
  const { data, faults: form } = shape(documentSchema, read.value);
  const { faults, warnings } = documentChecks(salvage(read.value));
  if (data === undefined || faults.length > 0) return { ok: false, faults: bounded([...form, ...faults]) };
  return { ok: true, document: fillDocument(data), warnings: bounded(warnings) };
}

/** Reads the node file, `/etc/tandem/node.yaml`. Never throws. */
export function parseNodeFile(text: string): Parsed<NodeFile> {
  const read = readYaml(text, 10_000);
  if (!read.ok) return read;
  const { data, faults } = shape(nodeSchema, read.value);
  if (data === undefined) return { ok: false, faults: bounded(faults) };
  if (data.public.device === data.private.device) {
    const remedy = 'give the private side its own NIC';
    return { ok: false, faults: [{ path: 'private.device', value: `"${data.private.device}"`, remedy }] };
  }
  return { ok: true, document: data, warnings: [] };
}
