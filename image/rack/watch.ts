import type { WriteStream } from 'node:tty';
import type { Host } from './act.ts';
import { type Facts, observe } from './observe.ts';
import { picture, statusLine } from './picture.ts';
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
  let facts: Facts | undefined;
  const ask = async (): Promise<void> => {
    // A drill measures alone; its own questions are enough.
    if (host.note === undefined) facts = await observe(rack);
    if (!gone.aborted) setTimeout(ask, ASK_MS);
  };
  ask();
  const { stdout } = process;
  return stdout.isTTY ? onTerminal(stdout, host, gone, () => facts) : onPipe(host, gone, () => facts);
}

function onTerminal(stdout: WriteStream, host: Host, gone: AbortSignal, facts: () => Facts | undefined) {
  const screen = new Screen(stdout);
  // This process is not in the terminal's session, so the size comes from the one that is.
  process.on('message', (size) => screen.resize(size as [number, number]));
  const draw = (): void => {
    const known = facts();
    if (known !== undefined) screen.draw([...picture(known, host.upMs, host.note), `  ${HINT}`]);
  };
  const timer = setInterval(draw, DRAW_MS);
  gone.addEventListener('abort', () => {
    clearInterval(timer);
    screen.end();
  });
  return (line: string) => screen.say(line);
}

function onPipe(host: Host, gone: AbortSignal, facts: () => Facts | undefined) {
  const timer = setInterval(() => {
    const known = facts();
    if (known !== undefined) process.stdout.write(`${statusLine(known, host.upMs, host.note)}\n`);
  }, LINE_MS);
  gone.addEventListener('abort', () => clearInterval(timer));
  return (line: string) => {
    process.stderr.write(`${line}\n`);
  };
}
