import { fillDocument, fillServiceOnce, LIMITS, type PairDocument, publicFloat, serverSchema } from './document.ts';
import { documentChecks } from './documentChecks.ts';
import type { Fault } from './error.ts';
import { fault } from './faults.ts';
import { judge } from './judge.ts';
import { judgeDocument, judgeService } from './judgeDocument.ts';
import { type NodeFile, nodeSchema } from './node.ts';
import { SIDES } from './pair.ts';
import { type Patch, type Patched, patchedValue } from './patch.ts';
import { readText } from './readText.ts';
import { type Sound, salvage, soundService } from './salvage.ts';
import { isClean, isCleanWeighed } from './serviceChecks.ts';
import { type ReadText, readChange, remember } from './yamlAgain.ts';
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
  return createDocumentReader()(text);
}

/**
 * `parseDocument` for one text after the other: of a text that differs in one service from the last, only that is read anew.
 * @param step told when a text has been read and again when its form has been judged: each takes long of a large one
 */
export function createDocumentReader(step: () => void = () => {}): (text: string) => Parsed<PairDocument> {
  let last: ReadText | undefined;
  return (text) => {
    const again = last && readChange(last, text, LIMITS.text);
    if (again !== undefined) {
      last = again;
      return parsedOf(again.value, step);
    }
    const read = readText(text, LIMITS.text);
    step();
    if (!read.ok) return read;
    last = remember(text, read.value, read.tokens) ?? last;
    return parsedOf(read.value, step);
  };
}

/** What a document was read from, as long as it lives: what a patch starts from. */
const readings = new WeakMap<PairDocument, Reading>();

interface Reading {
  readonly value: unknown;
  readonly sound: Sound;
  readonly warnings: readonly Fault[];
}

function parsedOf(value: unknown, step: () => void = () => {}): Parsed<PairDocument> {
  const form = judgeDocument(value);
  step();
  const sound = salvage(value);
  const { faults, warnings } = documentChecks(sound);
  if (!form.ok) return { ok: false, faults: bounded([...form.faults, ...faults]) };
  if (faults.length > 0) return { ok: false, faults: bounded(faults) };
  return keep(fillDocument(form.data), { value, sound, warnings: bounded(warnings) });
}

function keep(document: PairDocument, reading: Reading): Parsed<PairDocument> {
  readings.set(document, reading);
  return { ok: true, document, warnings: reading.warnings };
}

export interface PatchedDocument {
  readonly parsed: Parsed<PairDocument>;
  /** Of the service among all. */
  readonly index: number;
  /** What stood in the field; undefined = nothing. */
  readonly was: unknown;
}

/**
 * A document that `parseDocument` or this has answered, with one field set. It is judged as the whole text would be, with the same
 * words; a server's weight concerns no other service, so that its own alone is looked at.
 * @throws TandemError `not-found` when there is no such service or server.
 */
export function patchDocument(document: PairDocument, patch: Patch): PatchedDocument {
  const before = readings.get(document);
  if (before === undefined) throw new RangeError('a document that was not read here');
  const patched = patchedValue(before.value, patch);
  const { value, index, was } = patched;
  const alone = patch.field === 'weight' && patch.server !== undefined;
  const known = alone
    ? (withWeight(document, before, patched, patch.value) ?? withService(document, before, value, index))
    : undefined;
  return { parsed: known ?? parsedOf(value), index, was };
}

const weightSchema = serverSchema.shape.weight;

function weighed<S extends { readonly weight: number }, T extends { readonly servers: readonly (S | undefined)[] }>(
  service: T,
  place: number,
  weight: number,
): T {
  return { ...service, servers: service.servers.with(place, { ...service.servers[place]!, weight }) };
}

/** Undefined when there is something to say of the weight or its service: more is looked at then. */
function withWeight(
  document: PairDocument,
  { sound, warnings }: Reading,
  { value, index, path }: Patched,
  given: unknown,
): Parsed<PairDocument> | undefined {
  const weight = weightSchema.safeParse(given);
  const place = path[1];
  const [service, old] = [document.services[index], sound.services[index]];
  if (!weight.success || given === null || typeof place !== 'number' || service === undefined || old === undefined)
    return undefined;
  const now = weighed(old, place, weight.data);
  const next: Sound = { ...sound, services: sound.services.with(index, now) };
  if (!isClean(sound, old, index) || !isCleanWeighed(next, now, index)) return undefined;
  const services = document.services.with(index, weighed(service, place, weight.data));
  return keep({ ...document, services }, { value, sound: next, warnings });
}

/** Undefined when there is something to say of the service, before or now: the whole is judged then, for its order of words. */
function withService(
  document: PairDocument,
  { sound, warnings }: Reading,
  value: Patched['value'],
  index: number,
): Parsed<PairDocument> | undefined {
  const judged = judgeService(value.services[index]!);
  const vip = publicFloat(document);
  const [old, now] = [sound.services[index], soundService(value.services[index], vip)];
  if (!judged.ok || old === undefined || now === undefined) return undefined;
  const next: Sound = { ...sound, services: sound.services.with(index, now) };
  if (!isClean(sound, old, index) || !isClean(next, now, index)) return undefined;
  const services = document.services.with(index, fillServiceOnce(judged.data, vip));
  return keep({ ...document, services }, { value, sound: next, warnings });
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
