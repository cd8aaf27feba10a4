import { fillDocument, LIMITS, type PairDocument } from './document.ts';
import { documentChecks } from './documentChecks.ts';
import type { Fault } from './error.ts';
import { fault } from './faults.ts';
import { readJson } from './jsonText.ts';
import { judge } from './judge.ts';
import { judgeDocument } from './judgeDocument.ts';
import { type NodeFile, nodeSchema } from './node.ts';
import { SIDES } from './pair.ts';
import { salvage } from './salvage.ts';
import { type ReadText, readChange, remember } from './yamlAgain.ts';
import { readPlain } from './yamlPlain.ts';
import { type Read, readYaml } from './yamlText.ts';

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

/**
 * Reads the pair document, YAML or JSON. All faults at once, of form and between fields; defaults are filled. Warnings name
 * what is allowed and probably not meant. Never throws.
 */
export function parseDocument(text: string): Parsed<PairDocument> {
  return createDocumentReader()(text);
}

/** `parseDocument` for one text after the other: of a text that differs in one service from the last, only that is read anew. */
export function createDocumentReader(): (text: string) => Parsed<PairDocument> {
  let last: ReadText | undefined;
  return (text) => {
    const again = last && readChange(last, text, LIMITS.text);
    if (again !== undefined) {
      last = again;
      return parsedOf(again.value);
    }
    const read = readText(text, LIMITS.text);
    if (!read.ok) return read;
    last = remember(text, read.value, read.tokens) ?? last;
    return parsedOf(read.value);
  };
}

/** The quick readers take what is right and in their form; the YAML reader takes everything, and says what is wrong. */
const readText = (text: string, maxLength: number): Read =>
  readPlain(text, maxLength) ?? readJson(text, maxLength) ?? readYaml(text, maxLength);

function parsedOf(value: unknown): Parsed<PairDocument> {
  const form = judgeDocument(value);
  const { faults, warnings } = documentChecks(salvage(value));
  if (!form.ok) return { ok: false, faults: bounded([...form.faults, ...faults]) };
  if (faults.length > 0) return { ok: false, faults: bounded(faults) };
  return { ok: true, document: fillDocument(form.data), warnings: bounded(warnings) };
}

function sharedNic(node: NodeFile): Fault | undefined {
  if (node.public.device === node.private.device) {
    return fault(['private', 'device'], node.private.device, 'give the private side its own NIC');
  }
  const { heartbeat } = node;
  const side = SIDES.find((one) => node[one].device === heartbeat?.device);
  if (heartbeat === undefined || side === undefined) return undefined;
  const remedy = `give the heartbeat its own NIC, or leave it out: beats over the ${side} NIC are the link ${side}`;
  return fault(['heartbeat', 'device'], heartbeat.device, remedy);
}

/** Reads the node file, `/etc/tandem/node.yaml`. Never throws. */
export function parseNodeFile(text: string): Parsed<NodeFile> {
  const read = readYaml(text, 10_000);
  if (!read.ok) return read;
  const form = judge(nodeSchema, read.value);
  if (!form.ok) return { ok: false, faults: bounded(form.faults) };
  const twice = sharedNic(form.data);
  if (twice !== undefined) return { ok: false, faults: [twice] };
  return { ok: true, document: form.data, warnings: [] };
}
