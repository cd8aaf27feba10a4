import { SECOND_SERIES } from '../../core/stats/index.ts';
import type { PairDocument } from '../../model/document.ts';
import { TandemError } from '../../model/error.ts';
import type { StatsResult, StatsRow } from '../../model/stats.ts';
import type { HistoryStore } from '../../ports/history.ts';

const HOUR_MS = 3_600_000;
/** The kernel adds its counters up every 2 s: a point of one second would show 0 and twice the rate in turn. */
const SHORTEST_MS = 2_000;
const MINUTE_MS = 60_000;

function tierOf(series: string, document: PairDocument | undefined, since: number): StatsRow['tier'] {
  if (series.includes('/')) return 'server';
  const place = series === '' ? 0 : 1 + (document?.services.findIndex(({ name }) => name === series) ?? -1);
  const bySecond = (series === '' || place > 0) && place < SECOND_SERIES;
  return since <= HOUR_MS && bySecond ? 'second' : 'minute';
}

/**
 * One series over the last `since` ms in at most about `points` stretches of equal length. @throws TandemError `not-found` when the document has
 * no such service or server and the history neither, `io`.
 */
export function pastOf(
  history: HistoryStore,
  document: PairDocument | undefined,
  series: string,
  since: number,
  points: number,
  now: number,
): StatsResult {
  const tier = tierOf(series, document, since);
  const unit = tier === 'second' ? SHORTEST_MS : MINUTE_MS;
  const stretch = unit * Math.max(1, Math.ceil(since / points / unit));
  const found = history.read({ series, tier, since: Math.ceil((now - since) / stretch) * stretch, stretch });
  if (found.length === 0 && series !== '' && !knows(document, series)) {
    throw new TandemError('not-found', `there are no statistics of "${series}"`, {
      remedy: 'name a service or SERVICE/SERVER of the document; tandem top has their names',
    });
  }
  return { series, stretch, points: found };
}

function knows(document: PairDocument | undefined, series: string): boolean {
  const [service, server] = series.split('/');
  const found = document?.services.find(({ name }) => name === service);
  return found !== undefined && (server === undefined || found.servers.some(({ name }) => name === server));
}
