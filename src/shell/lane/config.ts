import { FIRST_VERSION, HIGHEST_VERSION } from '../../codec/beatFrame.ts';
import { defaultTiming } from '../../core/failover/index.ts';
import type { FailoverConfig } from '../../core/failover/types.ts';
import { TandemError } from '../../model/error.ts';
import type { Lane } from '../../model/lane.ts';
import { SIDES } from '../../model/pair.ts';
import { addressesOf } from './floats.ts';

/**
 * The highest version of a beat that this box is to speak, as the environment variable `TANDEM_SPEAKS` has it: an older one
 * makes it behave to its twin as an older release does. Undefined without the variable: the release's own.
 * @throws TandemError `bad-request` for anything but a version that this release speaks.
 */
export function spoken(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const version = /^\d{1,2}$/.test(value) ? Number(value) : Number.NaN;
  if (version >= FIRST_VERSION && version <= HIGHEST_VERSION) return version;
  throw new TandemError('bad-request', `TANDEM_SPEAKS is "${value.slice(0, 80)}"`, {
    remedy: `give a version from ${FIRST_VERSION} to ${HIGHEST_VERSION}, or leave it out`,
  });
}

/**
 * The failover core's view of a lane. `pair` is the first 4 bytes of SHA-256 of the pair's name, as a number.
 * @param speaks highest version of a beat; undefined = the release's own.
 */
export function failoverConfig(lane: Lane, boot: string, pair: number, speaks?: number): FailoverConfig {
  return {
    ...(speaks === undefined ? {} : { speaks }),
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
