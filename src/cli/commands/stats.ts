import { MAX_SINCE_MS, type StatsResult } from '../../model/stats.ts';
import { askController } from '../answer.ts';
import { EXIT, UsageError } from '../io.ts';
import { spanOption, wholeOption } from '../numbers.ts';
import { statsLines } from '../print/stats.ts';
import type { Command } from '../program.ts';

/** The controller reads the disk. */
const STATS_MS = 20_000;
const HOUR_MS = 3_600_000;
/** Lines that a screen of 24 has room for. */
const POINTS = 20;
const MAX_POINTS = 1_000;
const SINCE = { least: 1_000, most: MAX_SINCE_MS, words: 'at most 366d' } as const;

export const command: Command = {
  options: { since: { type: 'string' }, points: { type: 'string' }, json: { type: 'boolean' } },
  words: [0, 1],
  async run(io, [series = ''], options) {
    const points = wholeOption('points', options.points, MAX_POINTS) ?? POINTS;
    if (series.length > 200) throw new UsageError('stats takes the name of a service or SERVICE/SERVER');
    const request = {
      do: 'stats',
      series,
      since: spanOption('since', options.since, SINCE) ?? HOUR_MS,
      points,
    } as const;
    const result = await askController<StatsResult>(io, request, STATS_MS);
    io.out(options.json === true ? JSON.stringify(result) : statsLines(result).join('\n'));
    return EXIT.ok;
  },
};
