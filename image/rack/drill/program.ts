import { spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * What the measuring programs share: JSON options as the one argument, commands as lines on stdin, JSON lines on
 * stdout. End of stdin ends the program, so that none outlives the run that started it.
 */

/** CLOCK_MONOTONIC in ms with fractions: comparable between all processes of one machine. */
export const now = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Three decimals are enough for a clock read in user space, and keep the reports short. */
export const round = (ms: number): number => Math.round(ms * 1000) / 1000;

/** @throws when the argument is missing or no JSON object. */
export function options<T extends object>(): T {
  const text = process.argv[2];
  if (text === undefined) throw new Error('the options are missing: one JSON object as the only argument');
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error(`the options must be a JSON object, not ${text}`);
  return value as T;
}

export function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/**
 * `mark MS`: from here on wait for MS of untroubled traffic and say `{"event":"steady"}` once. `report`: say everything
 * recorded. Anything else is refused on stderr.
 */
export function serve(commands: { mark(quiet: number): void; report(): object }): void {
  process.stdout.on('error', () => process.exit(1));
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const mark = /^mark (\d{1,6})$/.exec(line);
    if (mark) commands.mark(Number(mark[1]));
    else if (line === 'report') say({ event: 'report', ...commands.report() });
    else process.stderr.write(`unknown command: ${line.slice(0, 80)}\n`);
  });
  lines.on('close', () => process.exit(0));
}

/**
 * Asks for round-robin real time, so that emulators that fill both cores do not make the measure late.
 * Without the right to it the program runs as it is; its own lateness tells what that cost.
 */
export function hurry(): 'round-robin' | 'ordinary' {
  const done = spawnSync('chrt', ['--rr', '--pid', '10', String(process.pid)], { stdio: 'ignore' });
  return done.status === 0 ? 'round-robin' : 'ordinary';
}

/** Calls `fire` every `period` ms on a fixed grid, never two calls for one missed slot. Returns the way to stop. */
export function everyMs(period: number, fire: (scheduled: number, at: number) => void): () => void {
  const start = now();
  let slot = 0;
  let timer: NodeJS.Timeout | undefined;
  const next = () => {
    const at = now();
    const scheduled = start + slot * period;
    fire(scheduled, at);
    slot = Math.max(slot + 1, Math.floor((at - start) / period) + 1);
    timer = setTimeout(next, Math.ceil(Math.max(0, start + slot * period - now())));
  };
  timer = setTimeout(next, 0);
  return () => clearTimeout(timer);
}
