import { documentSchema, fillDocument, LIMITS, type PairDocument } from './document.ts';
import { documentChecks } from './documentChecks.ts';
import type { Fault } from './error.ts';
import { fault } from './faults.ts';
import { judge } from './judge.ts';
import { type NodeFile, nodeSchema } from './node.ts';
import { SIDES } from './pair.ts';
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

/**
 * Reads the pair document, YAML or JSON. All faults at once, of form and between fields; defaults are filled. Warnings name
 * what is allowed and probably not meant. Never throws.
 */
export function parseDocument(text: string): Parsed<PairDocument> {
  const read = readYaml(text, LIMITS.text);
  if (!read.ok) return read;
  const form = judge(documentSchema, read.value);
  const { faults, warnings } = documentChecks(salvage(read.value));
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
