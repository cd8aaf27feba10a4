import type { StatsResult } from '../../model/stats.ts';
import { plain } from '../io.ts';
import { figure } from './figures.ts';
import { wallTime } from './time.ts';

const WORDS = ['conn/s', 'pkt/s in', 'out', 'B/s in', 'out', 'active', 'inact'];

const stretchWords = (ms: number): string => (ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`);

/** A line for each stretch, oldest first; a gap is a line of its own. */
export function statsLines({ series, stretch, points }: StatsResult): string[] {
  const whose = series === '' ? 'all services' : plain(series);
  if (points.length === 0) return [`${whose}: nothing was kept of that time`];
  const cells = (texts: readonly string[]): string => texts.map((text) => text.padStart(9)).join('');
  const lines = points.flatMap(({ at, rates, active, inactive }, index) => {
    const before = points[index - 1];
    const gap = before !== undefined && at - before.at > stretch ? ['  (nobody looked)'] : [];
    const values = [rates.connections, rates.packetsIn, rates.packetsOut, rates.bytesIn, rates.bytesOut];
    return [...gap, `${wallTime(at)}${cells([...values, active, inactive].map(figure))}`];
  });
  return [
    `${whose}: rates per second over ${stretchWords(stretch)} each, and the most connections seen in it`,
    `${''.padEnd(20)}${cells(WORDS)}`,
    ...lines,
  ];
}
