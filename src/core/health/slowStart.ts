/** Steps in which a weight comes back: each is a change of the kernel's table. */
const STEPS = 10;

const stepOf = (slowStart: number): number => (slowStart * 1000) / STEPS;

/**
 * Percent of its weight that a server has at `now`, a tenth more with each tenth of the slow start; 100 without one.
 * @param risenAt monotonic ms of its return; undefined = it was not away @param slowStart s @param now monotonic ms
 */
export function rampOf(risenAt: number | undefined, slowStart: number | undefined, now: number): number {
  if (risenAt === undefined || slowStart === undefined || slowStart === 0) return 100;
  const done = Math.floor(Math.max(0, now - risenAt) / stepOf(slowStart));
  return Math.min(100, ((done + 1) * 100) / STEPS);
}

/** Monotonic ms at which `rampOf` says more; infinity = never. */
export function nextRampAt(risenAt: number | undefined, slowStart: number | undefined, now: number): number {
  if (risenAt === undefined || slowStart === undefined || rampOf(risenAt, slowStart, now) >= 100) {
    return Number.POSITIVE_INFINITY;
  }
  const width = stepOf(slowStart);
  return risenAt + (Math.floor(Math.max(0, now - risenAt) / width) + 1) * width;
}

/** A share of a weight: never 0 by rounding, because 0 means that a server gets nobody. @param percent 0 to 100 */
export const shareOfWeight = (weight: number, percent: number): number =>
  weight === 0 || percent === 0 ? 0 : Math.max(1, Math.round((weight * percent) / 100));
