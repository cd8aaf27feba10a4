import { defaultTiming } from '../../core/failover/index.ts';
import type { FailoverConfig } from '../../core/failover/types.ts';
import type { Lane } from '../../model/lane.ts';
import { SIDES } from '../../model/pair.ts';
import { addressesOf } from './floats.ts';

/** The failover core's view of a lane. `pair` is the first 4 bytes of SHA-256 of the pair's name, as a number. */
export function failoverConfig(lane: Lane, boot: string, pair: number): FailoverConfig {
  return {
    self: lane.node,
    pair,
    boot,
    revision: Number.parseInt(lane.digest.slice(0, 8), 16),
    links: lane.links,
    preference: lane.preference,
    neighbours: lane.neighbours,
    floats: SIDES.flatMap((side) => addressesOf(lane.floats[side])).length,
    ...defaultTiming(lane.intervalMs, lane.deadlineMs),
  };
}
