import { MAX_TOP, type Top } from '../../model/stats.ts';
import { askController } from '../answer.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { wholeOption } from '../numbers.ts';
import { topLines } from '../print/top.ts';
import type { Command } from '../program.ts';
import { showLive } from '../top/live.ts';

const TOP_MS = 5_000;
const INTERVAL_S = 2;
const MAX_INTERVAL_S = 3_600;

const ask = (io: Io, limit: number): Promise<Top> => askController<Top>(io, { do: 'top', limit }, TOP_MS);

/** One line of JSON after the other, until the process is ended or nobody answers. */
async function stream(io: Io, interval: number): Promise<number> {
  for (;;) {
    io.out(JSON.stringify(await ask(io, MAX_TOP)));
    if (await io.rest(interval)) return EXIT.ok;
  }
}

export const command: Command = {
  options: { once: { type: 'boolean' }, interval: { type: 'string' }, json: { type: 'boolean' } },
  words: [0, 0],
  async run(io, _words, options) {
    const interval = 1_000 * (wholeOption('interval', options.interval, MAX_INTERVAL_S) ?? INTERVAL_S);
    const once = options.once === true;
    if (options.json === true && !once) return stream(io, interval);
    if (once) {
      const top = await ask(io, MAX_TOP);
      io.out(options.json === true ? JSON.stringify(top) : topLines(top).join('\n'));
      return EXIT.ok;
    }
    // The first answer tells who is not served before the screen is cleared.
    await ask(io, 1);
    const terminal = io.terminal();
    if (terminal === undefined)
      throw new UsageError('top needs a terminal; --once prints one table, --json a line each interval');
    await showLive(terminal, (limit) => ask(io, limit), interval);
    return EXIT.ok;
  },
};
