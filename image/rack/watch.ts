import type { WriteStream } from 'node:tty';
import type { Host } from './act.ts';
import { type Facts, observe } from './observe.ts';
import { duration, picture, statusLine } from './picture.ts';
import type { Rack } from './rack.ts';
import { Screen } from './screen.ts';

const DRAW_MS = 1000;
/** Between two questions to the boxes; each costs them some milliseconds of an emulated processor. */
const ASK_MS = 1500;
/** Between two lines when there is no terminal to draw on. */
const LINE_MS = 5000;

const HINT = 'Ctrl-C ends it. From a second terminal: npm run rack -- help';

/**
 * Shows the rack until `gone`: on a terminal a picture redrawn in place, elsewhere a line every few seconds. Returns how to
 * say a line that stays.
 */
export function watch(rack: Rack, host: Host, gone: AbortSignal): (line: string) => void {
  let look: Look | undefined;
  const ask = async (): Promise<void> => {
    // A drill measures alone; its own questions are enough.
    if (host.note === undefined) look = { facts: await observe(rack), at: performance.now() };
    if (!gone.aborted) setTimeout(ask, ASK_MS);
  };
  ask();
  const { stdout } = process;
  return stdout.isTTY ? onTerminal(stdout, host, gone, () => look) : onPipe(host, gone, () => look);
}

interface Look {
  readonly facts: Facts;
  readonly at: number;
}

/** What the rack does, and how old the look beside it is. */
const noteOf = (host: Host, { at }: Look): string | undefined =>
  host.note === undefined ? undefined : `${host.note}; all this was so ${duration(performance.now() - at)} ago`;

function onTerminal(stdout: WriteStream, host: Host, gone: AbortSignal, look: () => Look | undefined) {
  const screen = new Screen(stdout);
  // This process is not in the terminal's session, so the size comes from the one that is.
  process.on('message', (size) => screen.resize(size as [number, number]));
  const draw = (): void => {
    const known = look();
    if (known !== undefined) screen.draw([...picture(known.facts, host.upMs, noteOf(host, known)), `  ${HINT}`]);
  };
  const timer = setInterval(draw, DRAW_MS);
  gone.addEventListener('abort', () => {
    clearInterval(timer);
    screen.end();
  });
  return (line: string) => screen.say(line);
}

function onPipe(host: Host, gone: AbortSignal, look: () => Look | undefined) {
  const timer = setInterval(() => {
    const known = look();
    if (known !== undefined) process.stdout.write(`${statusLine(known.facts, host.upMs, noteOf(host, known))}\n`);
  }, LINE_MS);
  gone.addEventListener('abort', () => clearInterval(timer));
  return (line: string) => {
    process.stderr.write(`${line}\n`);
  };
}
