import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { PairDocument } from '../../../src/model/document.ts';
import { type Parsed, parseDocument } from '../../../src/model/parseDocument.ts';

/** The repository's `docs` folder. */
export const DOCS = join(import.meta.dirname, '../../../docs');

export const EXAMPLE = readFileSync(join(DOCS, 'example.yaml'), 'utf8');

// biome-ignore lint/suspicious/noExplicitAny: tests write wrong values into it on purpose
export type Draft = any;

/** The example as plain data, fresh on each call. */
export const draft = (): Draft => parse(EXAMPLE);

/** Reads the example after `change`. */
export function changed(change: (document: Draft) => void): Parsed<PairDocument> {
  const document = draft();
  change(document);
  return parseDocument(stringify(document));
}

/** `path: remedy` of every fault; empty when the document is sound. */
export const faultsOf = (parsed: Parsed<unknown>): string[] =>
  parsed.ok ? [] : parsed.faults.map(({ path, remedy }) => `${path}: ${remedy}`);

/** `path: remedy` of every warning; throws when there are faults. */
export function warningsOf(parsed: Parsed<unknown>): string[] {
  if (!parsed.ok) throw new Error(faultsOf(parsed).join('\n'));
  return parsed.warnings.map(({ path, remedy }) => `${path}: ${remedy}`);
}
