import type { Clock } from '../../src/ports/clock.ts';
import type { Dice } from './random.ts';
import type { Schedule } from './schedule.ts';

/** A box's CLOCK_MONOTONIC: its own rate and origin; it may stand still while a guest is paused. */
export interface BoxClock {
  now(): number;
  stop(): void;
  go(): void;
  readonly stopped: () => boolean;
}

/** Parts per million a crystal may be wrong by. */
const DRIFT = 100;

export function createBoxClock(schedule: Schedule, dice: Dice): BoxClock {
  const rate = 1 + dice.between(-DRIFT, DRIFT) / 1e6;
  const origin = schedule.now() - dice.between(1000, 1e6);
  let stoodStill = 0;
  let stoppedAt: number | undefined;
  return {
    now: () => ((stoppedAt ?? schedule.now()) - origin - stoodStill) * rate,
    stop() {
      stoppedAt ??= schedule.now();
    },
    go() {
      if (stoppedAt !== undefined) stoodStill += schedule.now() - stoppedAt;
      stoppedAt = undefined;
    },
    stopped: () => stoppedAt !== undefined,
  };
}

/**
 * The clock a process sees; `wallStep` is by how much the wall clock has been set, ms. Timers come late as they do under load; `enter` runs what is due when the process can run,
 * so a process that stands still finds its timers due when it goes on.
 */
export function processClock(
  schedule: Schedule,
  clock: Pick<BoxClock, 'now'>,
  wallStep: () => number,
  dice: Dice,
  lateness: () => number,
  enter: (run: () => void) => void,
): Clock {
  return {
    now: () => clock.now(),
    wall: () => Math.round(1.7e12 + schedule.now() + wallStep()),
    at(at, fire) {
      let cancelled = false;
      const plan = (): void => {
        const wait = Math.max(0, at - clock.now()) * (1 + DRIFT / 1e6);
        schedule.after(wait + lateness() * dice.next(), () => enter(due));
      };
      const due = (): void => {
        if (cancelled) return;
        if (clock.now() < at) plan();
        else fire();
      };
      plan();
      return () => {
        cancelled = true;
      };
    },
  };
}
