import { randomBytes } from 'node:crypto';
import type { Clock, Random } from '../src/ports/clock.ts';

/** The box's clock: CLOCK_MONOTONIC through performance.now(), timers of the event loop. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  at(at, fire) {
    const wait = Math.max(0, Math.ceil(at - performance.now()));
    const timer = setTimeout(fire, wait);
    return () => clearTimeout(timer);
  },
};

/** As `systemClock`, but every process of one boot reads the same: for instants that outlive a process. */
export const bootClock: Clock = {
  ...systemClock,
  now: () => Number(process.hrtime.bigint()) / 1e6,
  at(at, fire) {
    const timer = setTimeout(fire, Math.min(2 ** 31 - 1, Math.max(0, Math.ceil(at - bootClock.now()))));
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = { bytes: (size) => new Uint8Array(randomBytes(size)) };
