import { MAX_SINCE_MS, type StatsResult } from '../../model/stats.ts';
import { askController } from '../answer.ts';
import { EXIT, UsageError } from '../io.ts';
import { wholeOption } from '../numbers.ts';
import { statsLines } from '../print/stats.ts';
import type { Command } from '../program.ts';

/** The controller reads the disk. */
const STATS_MS = 20_000;
const HOUR_MS = 3_600_000;
/** Lines that a screen of 24 has room for. */
const POINTS = 20;
const MAX_POINTS = 1_000;

const UNITS = { s: 1_000, m: 60_000, h: HOUR_MS, d: 24 * HOUR_MS } as const;

/** `90s`, `15m`, `1h`, `7d` in ms. @throws UsageError. */
function spanOption(value: string | boolean | undefined): number {
  if (value === undefined) return HOUR_MS;
  const found = /^(\d{1,7})([smhd])$/.exec(String(value));
  const ms = found === null ? 0 : Number(found[1]) * UNITS[found[2] as keyof typeof UNITS];
  if (ms >= 1_000 && ms <= MAX_SINCE_MS) return ms;
  throw new UsageError(
    `--since takes a time like 90s, 15m, 1h or 7d, at most 366d, not "${String(value).slice(0, 40)}"`,
  );
}

export const command: Command = {
  options: { since: { type: 'string' }, points: { type: 'string' }, json: { type: 'boolean' } },
  words: [0, 1],
  async run(io, [series = ''], options) {
    const points = wholeOption('points', options.points, MAX_POINTS) ?? POINTS;
    if (series.length > 200) throw new UsageError('stats takes the name of a service or SERVICE/SERVER');
    const request = { do: 'stats', series, since: spanOption(options.since), points } as const;
    const result = await askController<StatsResult>(io, request, STATS_MS);
    io.out(options.json === true ? JSON.stringify(result) : statsLines(result).join('\n'));
    return EXIT.ok;
  },
};
