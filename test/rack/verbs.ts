import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { CALM } from '../../image/rack/drill/run.ts';
import type { Where } from '../../image/rack/figure.ts';
import type { Facts } from '../../image/rack/observe.ts';
import type { NodeId } from '../../src/model/pair.ts';

/** The rack that run.ts has started, reached as a person at a second terminal reaches it. */

const main = join(import.meta.dirname, '../../image/rack/main.ts');

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A verb with its input and output as pipes. */
export const startVerb = (...argv: readonly string[]): ChildProcess =>
  spawn(process.execPath, [main, ...argv], { stdio: ['pipe', 'pipe', 'pipe'] });

/** @param hear stderr as it comes, for verbs that take long. */
export async function verb(argv: readonly string[], hear: (text: string) => void = () => {}): Promise<Said> {
  const child = startVerb(...argv);
  let stdout = '';
  let stderr = '';
  child.stdin!.end();
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    hear(text);
  });
  const code = await new Promise<number>((done, fail) => {
    child.once('error', fail);
    child.once('close', (status) => done(status ?? 1));
  });
  return { code, stdout, stderr };
}

/** Standard output of a verb. @throws with what it said when it failed. */
export async function output(...argv: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await verb(argv);
  if (code !== 0) throw new Error(`\`rack ${argv.join(' ')}\` ended with ${code}: ${stderr}`);
  return stdout;
}

export const inBox = (box: NodeId, command: string): Promise<string> => output('exec', box, '--', 'sh', '-c', command);

/** The verb that runs a program in that namespace. */
export function placeVerb(where: Where): string[] {
  if (where === 'rack') return ['wires', '--'];
  return where === 'client' || where === 'gateway' ? [where, '--'] : ['server', where.slice(1), '--'];
}

export const facts = async (): Promise<Facts> => JSON.parse(await output('status', '--json')) as Facts;

/** The heartbeat's deadline of racks in which nobody judges how fast the floats move, ms. */
export const PATIENT_MS = 600;

const SETTLE_MS = 180_000;
const PAUSE_MS = 1000;

/** Waits until one box is active, both are ready and have woken in time for 10 s, and every server is up. @throws with the last facts when that does not come. */
export async function whole(): Promise<Facts> {
  const limit = performance.now() + SETTLE_MS;
  for (;;) {
    const now = await facts();
    const ready = now.boxes.a.ready === true && now.boxes.b.ready === true;
    const calm = [now.boxes.a, now.boxes.b].every(({ lateMs }) => lateMs !== undefined && lateMs <= CALM * PATIENT_MS);
    if (now.active !== undefined && ready && calm && now.servers.every(({ up }) => up.a && up.b)) return now;
    if (performance.now() > limit) throw new Error(`the rack is not whole: ${JSON.stringify(now)}`);
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
}
