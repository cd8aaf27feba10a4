import { randomBytes } from 'node:crypto';
import type { Clock, Random } from '../src/ports/clock.ts';

/** From performance.now(), which counts from the start of the process, to CLOCK_MONOTONIC, ms; both read one clock. */
const origin = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** The longest that setTimeout takes, ms. */
const LONGEST = 2 ** 31 - 1;

/** The box's clock: CLOCK_MONOTONIC, which every process of one boot reads alike, and timers of the event loop. */
export const systemClock: Clock = {
  now: () => origin + performance.now(),
  wall: () => Date.now(),
  at(at, fire) {
    const wait = Math.min(LONGEST, Math.max(0, Math.ceil(at - systemClock.now())));
    const timer = setTimeout(fire, wait);
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = { bytes: (size) => new Uint8Array(randomBytes(size)) };
