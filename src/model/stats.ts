import * as z from 'zod';
import type { Counters } from './ipvs.ts';

/** Counters over time: what `tandem top` shows and `tandem stats` looks back at. */

/**
 * One stretch of one series as the history keeps it; the counters are what passed in it.
 * `second`: the total and services, 1 s. `minute`: the same, 1 min. `server`: real servers, 1 min.
 */
export interface StatsRow extends Counters {
  readonly tier: 'second' | 'minute' | 'server';
  /** `` = all services, `web` = a service, `web/s2` = a server. */
  readonly series: string;
  /** Its begin, ms since the epoch: a whole second or minute. */
  readonly at: number;
  /** ms of it that were looked at. */
  readonly ms: number;
  /** Connections at its end; of a minute, the most seen in it. */
  readonly active: number;
  readonly inactive: number;
}

/** Servers in one answer to `top`, at most. */
export const MAX_TOP = 1_000;

/** Points in one answer to `stats`, at most. */
export const MAX_POINTS = 1_000;

/** As far back as `stats` looks: longer than the history goes. */
export const MAX_SINCE_MS = 366 * 24 * 3_600_000;

const rates = z
  .object({
    connections: z.number(),
    packetsIn: z.number(),
    packetsOut: z.number(),
    bytesIn: z.number(),
    bytesOut: z.number(),
  })
  .meta({ unit: '1/s', help: 'over the last 8 s' });

const line = z.object({
  name: z.string().meta({ help: 'as in the document: web, web/s2; empty = all services' }),
  rates,
  active: z.number(),
  inactive: z.number(),
});

export const topSchema = z.object({
  at: z.number().meta({ unit: 'ms', help: 'since the epoch, by the router' }),
  role: z.string().meta({ help: 'of this box; unknown while the pair lane does not answer' }),
  total: line,
  services: z.array(line).meta({ help: 'busiest first' }),
  servers: z
    .array(line.extend({ weight: z.number().meta({ help: 'as the kernel has it' }), state: z.string() }))
    .meta({ help: 'busiest first, as many as were asked for' }),
  leftOut: z.number().meta({ help: 'services and servers that were not asked for' }),
});
export type Top = z.infer<typeof topSchema>;

/** One stretch of a series, oldest first in an answer. Where nobody looked there is none. */
export interface StatsPoint {
  /** ms since the epoch. */
  readonly at: number;
  /** ms of it that were looked at. */
  readonly ms: number;
  /** Per second of these. */
  readonly rates: Counters;
  /** The most seen in it. */
  readonly active: number;
  readonly inactive: number;
}

export interface StatsResult {
  readonly series: string;
  /** ms from one point to the next. */
  readonly stretch: number;
  readonly points: readonly StatsPoint[];
}
