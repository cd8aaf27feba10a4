import { parse } from 'yaml';
import type { ShowResult } from '../../../src/model/control.ts';
import { TandemError } from '../../../src/model/error.ts';
import type { NodeId } from '../../../src/model/pair.ts';
import { NODES } from '../figure.ts';
import { now } from './program.ts';
import type { RackPort } from './rack-port.ts';

/** An emulated box that takes 10,000 destinations in or out. */
const APPLY_LIMIT = 300_000;
const PAUSE = 500;
const AGREE_LIMIT = 60_000;

/** A document as plain data. */
export type Plain = Readonly<Record<string, unknown>> & {
  readonly heartbeat: { readonly interval_ms: number; readonly deadline_ms: number };
  readonly services: readonly { readonly name: string; readonly servers: readonly object[] }[];
};

/** The document in force on that box. @throws TandemError when the box does not say. */
export const inForce = async (rack: Pick<RackPort, 'document'>, node: NodeId): Promise<Plain> =>
  parse((await rack.document(node)).text) as Plain;

/** Applies it on that box and waits until both boxes have it in force. @throws with what each has when they do not. */
export async function applyToBoth(rack: RackPort, node: NodeId, text: string): Promise<void> {
  const limit = now() + APPLY_LIMIT;
  const { digest } = await rack.apply(node, text, APPLY_LIMIT);
  for (;;) {
    const held = await digests(rack);
    if (NODES.every((box) => held[box] === digest)) return;
    if (now() > limit) {
      const words = NODES.map((box) => `${box} has document ${held[box]?.slice(0, 12) ?? 'unknown'}`);
      throw new TandemError('refused', `${words.join(', ')}, not ${digest.slice(0, 12)}`);
    }
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

/**
 * Waits until both boxes have one document in force: a box that comes back has heard its twin's controller only some time after it is whole.
 * @returns after how many ms; undefined when they do not agree within `AGREE_LIMIT`.
 */
export async function agreed(rack: RackPort): Promise<number | undefined> {
  const begun = now();
  for (;;) {
    const { a, b } = await digests(rack);
    const ms = now() - begun;
    if (a !== undefined && a === b) return ms;
    if (ms > AGREE_LIMIT) return undefined;
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

async function digests(rack: RackPort): Promise<Readonly<Record<NodeId, string | undefined>>> {
  const [a, b] = await Promise.all(NODES.map((node) => rack.box(node).status([])));
  return { a: a?.digest, b: b?.digest };
}

/** What both boxes' disks hold. */
export type Held = Readonly<Record<NodeId, Pick<ShowResult, 'revision' | 'text'>>>;

export async function held(rack: RackPort): Promise<Held> {
  const [a, b] = await Promise.all(NODES.map((node) => rack.document(node)));
  return { a: a!, b: b! };
}

/**
 * Two boxes after one of them lost its power while it took a revision in.
 * @param old what both held before.
 * @param asked the new one.
 * @param answered whether somebody was told that it is in force.
 * @returns what is wrong, a sentence each.
 */
export function oneRevision(old: Held, found: Held, asked: string, answered: boolean): string[] {
  const wrong: string[] = [];
  const which = ({ text }: Held[NodeId]) => {
    if (text === asked) return 'the new one';
    return [old.a.text, old.b.text].includes(text) ? 'the old one' : 'neither old nor new';
  };
  const said = (node: NodeId) => `${node} holds revision ${found[node].revision}, ${which(found[node])}`;
  const { a, b } = found;
  if (a.text !== b.text || a.revision !== b.revision) wrong.push(`the boxes differ: ${NODES.map(said).join('; ')}`);
  for (const node of NODES) {
    const { text, revision } = found[node];
    if (which(found[node]) === 'neither old nor new') wrong.push(said(node));
    if (answered && text !== asked) wrong.push(`the new revision was answered, and ${said(node)}`);
    if (revision < old[node].revision) wrong.push(`${said(node)}, after revision ${old[node].revision}`);
  }
  return wrong;
}
