import { TandemError } from '../../../src/model/error.ts';
import type { NodeId } from '../../../src/model/pair.ts';
import { NODES } from '../figure.ts';
import type { Rack } from '../rack.ts';
import { rackBeat } from '../seed.ts';
import { firstBox, type Line, PASSWORD, secondBox } from './script.ts';
import { Typist } from './typist.ts';

/**
 * The drill `first-boot`: two unconfigured boxes become a pair that serves the client, driven over their serial consoles
 * alone. Everything else that is asked of the boxes only looks.
 */

/** Longest waits, ms: a boot, an answer of a busy emulated processor, its services' first start, the whole pair. */
const BOOT_MS = 240_000;
const ANSWER_MS = 60_000;
const START_MS = 240_000;
const SERVED_MS = 120_000;
const LOOK_MS = 500;

export interface FirstBoot {
  /** Takes every prompt and every answer. */
  readonly transcript: (line: string) => void;
  readonly progress: (text: string) => void;
}

/** Minutes are counted from the first prompt. */
export interface FirstBootResult {
  /** A whole pair served the client through the VIP, and went on to. */
  readonly ok: boolean;
  /** Until a whole pair served the client; null when it never did. */
  readonly served_minutes: number | null;
  /** With the tour of the menus. */
  readonly minutes: number;
  /** What was not ok. */
  readonly reasons: readonly string[];
}

/** For a person. */
export const firstBootLine = ({ ok, served_minutes, minutes, reasons }: FirstBootResult): string =>
  ok
    ? `first-boot: ok, the client was served by a whole pair after ${served_minutes} minutes; ${minutes} with the tour of the menus`
    : `first-boot: FAILED after ${minutes} minutes: ${reasons.join('; ')}`;

export async function firstBoot(rack: Rack, { transcript, progress }: FirstBoot): Promise<FirstBootResult> {
  const typist = (node: NodeId) => new Typist(node, rack.box(node).console, transcript);
  const typists: Typists = { a: typist('a'), b: typist('b') };
  let began = performance.now();
  const minutes = (): number => Math.round((performance.now() - began) / 6_000) / 10;
  let served_minutes: number | null = null;
  try {
    progress('both boxes boot unconfigured');
    await Promise.all(NODES.map((node) => typists[node].until('first or second', BOOT_MS)));
    began = performance.now();

    progress('the first box: everything is typed');
    await answer(typists.a, firstBox(rackBeat));
    const said = await typists.a.until('code: ', START_MS, '\r\n');
    const code = /code: ([2-9a-z]{4}-[2-9a-z]{4})/.exec(said)?.[1];
    if (code === undefined) throw new TandemError('refused', `a shows no code: ${said.slice(-300)}`);
    progress(`after ${minutes()} minutes the first box is configured and offers the code ${code}`);

    progress('the second box: the code, and its NICs');
    await answer(typists.b, secondBox(code));
    await typists.b.until('is in force', START_MS, '\r\n');
    await rack.settled();
    await served(rack);
    served_minutes = minutes();
    progress(`the client is served by a whole pair ${served_minutes} minutes after the first prompt`);
    await afterwards(rack, typists, progress);
    return { ok: true, served_minutes, minutes: minutes(), reasons: [] };
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    return { ok: false, served_minutes, minutes: minutes(), reasons: [error.message] };
  } finally {
    for (const node of NODES) typists[node].close();
  }
}

async function answer(typist: Typist, lines: readonly Line[]): Promise<void> {
  for (const { asked, answer: text } of lines) {
    await typist.until(asked, ANSWER_MS);
    await typist.line(text);
  }
}

/** Every request of a whole second was answered, now and not at some time before. @throws TandemError. */
async function served(rack: Rack): Promise<void> {
  const limit = performance.now() + SERVED_MS;
  const before = rack.client.last;
  for (;;) {
    const { last } = rack.client;
    if (last !== before && last !== undefined && last.sent > 0 && last.answered === last.sent) return;
    if (performance.now() > limit) {
      throw new TandemError('refused', `the client is not served through the VIP within ${SERVED_MS / 1000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** @throws TandemError unless that box holds the floats. */
async function isActive(rack: Rack, node: NodeId): Promise<void> {
  const role = (await rack.box(node).status([]))?.lane?.role;
  if (role !== 'active') throw new TandemError('refused', `${node} is ${role ?? 'silent'} and should be active`);
}

type Typists = Readonly<Record<NodeId, Typist>>;

/**
 * What an operator does next, on the consoles too: looks at the second box with the password of the first, hands the
 * floats over and back, and has the second box forget everything while it serves.
 */
async function afterwards(rack: Rack, typists: Typists, progress: (text: string) => void): Promise<void> {
  const { a, b } = typists;
  progress('the status of the second box');
  await logIn(b);
  await choose(b, 'status');
  progress('the first box hands over');
  await logIn(a);
  await a.line('hand over');
  await a.until('do it?', ANSWER_MS);
  await a.line('yes');
  await a.until('number or word', ANSWER_MS);
  await a.line('log out');
  await rack.settled();
  await isActive(rack, 'b');
  await served(rack);
  progress('the second box, which serves, forgets everything');
  await b.line('factory reset');
  await b.until('FACTORY RESET', ANSWER_MS);
  await b.line('FACTORY RESET');
  await b.until('first or second', BOOT_MS);
  await isActive(rack, 'a');
  await served(rack);
}

async function logIn(typist: Typist): Promise<void> {
  await typist.until('press any key', ANSWER_MS, '\r\n');
  await typist.line('');
  await typist.until('password', ANSWER_MS);
  await typist.line(PASSWORD);
  await typist.until('number or word', ANSWER_MS);
}

async function choose(typist: Typist, choice: string): Promise<void> {
  await typist.line(choice);
  await typist.until('number or word', ANSWER_MS);
}
