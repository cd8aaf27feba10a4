import type { Top } from '../../model/stats.ts';
import { fitted, topLines } from '../print/top.ts';
import type { Terminal } from '../terminal.ts';
import { BEGIN, end, paint } from './screen.ts';

/** Characters a second after the first picture: half of what a line of 9600 bit/s takes. */
const PACE = 480;

const TICK_MS = 1_000;

/**
 * Shows what `ask` answers every `interval` ms until a person ends it. What a tick has no room for is drawn by the next ones; a picture
 * that came meanwhile takes its place. What `ask` cannot answer is shown in the first line, and asked again.
 */
export async function showLive(
  terminal: Terminal,
  ask: (limit: number) => Promise<Top>,
  interval: number,
): Promise<void> {
  const { rows, columns } = terminal;
  let [shown, wanted]: (readonly string[])[] = [[], []];
  let [next, first, since] = [0, true, interval];
  terminal.write(BEGIN);
  try {
    for (;;) {
      if (since >= interval) {
        since = 0;
        wanted = (await picture(ask, wanted!, rows)).map((line) => line.slice(0, columns - 1).trimEnd());
      }
      const painted = paint(shown!, wanted!, first ? Number.POSITIVE_INFINITY : PACE, next);
      if (painted.bytes !== '') terminal.write(painted.bytes);
      ({ shown, next } = painted);
      first = false;
      if (await terminal.rest(TICK_MS)) return;
      since += TICK_MS;
    }
  } finally {
    terminal.write(end(rows));
    terminal.close();
  }
}

async function picture(
  ask: (limit: number) => Promise<Top>,
  before: readonly string[],
  rows: number,
): Promise<string[]> {
  try {
    return topLines(fitted(await ask(rows), rows));
  } catch (error) {
    const text = `no answer: ${error instanceof Error ? error.message : String(error)}`;
    return [text, ...before.slice(1)];
  }
}
