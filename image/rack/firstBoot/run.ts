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

export interface FirstBoot {
  /** Lines of the transcript and the result. */
  readonly out: (line: string) => void;
  readonly progress: (text: string) => void;
}

/** True when the client was served through the VIP by a whole pair. Minutes are counted from the first prompt. */
export async function firstBoot(rack: Rack, { out, progress }: FirstBoot): Promise<boolean> {
  const typists = Object.fromEntries(
    NODES.map((node) => [node, new Typist(node, rack.box(node).console, out)]),
  ) as unknown as Readonly<Record<NodeId, Typist>>;
  try {
    progress('both boxes boot unconfigured');
    await Promise.all(NODES.map((node) => typists[node].until('first or second', BOOT_MS)));
    const began = performance.now();
    const minutes = (): string => ((performance.now() - began) / 60_000).toFixed(1);

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
    progress(`after ${minutes()} minutes the pair is whole`);
    await served(rack);
    out(`first-boot: ok, the client is served by the pair ${minutes()} minutes after the first prompt`);
    progress('a look into the menu');
    await look(typists.b);
    return true;
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    out(`first-boot: FAILED: ${error.message}`);
    return false;
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

/** The client asks the VIP all the time; its first answer settles this. */
async function served(rack: Rack): Promise<void> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(
      () => reject(new TandemError('refused', `no answer through the VIP within ${SERVED_MS / 1000} s`)),
      SERVED_MS,
    ).unref();
  });
  await Promise.race([rack.client.answered, late]);
}

/** What the operator of the second box sees next: the heading, a login with the first box's password, the status. */
async function look(typist: Typist): Promise<void> {
  await typist.until('press any key', ANSWER_MS, '\r\n');
  await typist.line('');
  await typist.until('password', START_MS);
  await typist.line(PASSWORD);
  await typist.until('number or word', ANSWER_MS);
  await typist.line('status');
  await typist.until('number or word', ANSWER_MS);
  await typist.line('log out');
  await typist.until('logged out', ANSWER_MS, '\n');
}
