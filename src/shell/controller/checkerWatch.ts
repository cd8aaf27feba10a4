import type { Cancel, Clock, Close } from '../../ports/clock.ts';
import type { Alarms } from './alarms.ts';
import type { Checks } from './checks.ts';

const LOOK_MS = 1000;

/** Looks once a second whether the checker itself still proves anything, by a timer of its own. */
export function watchChecker(checks: Pick<Checks, 'stuck'>, clock: Clock, alarms: Alarms): Close {
  let timer: Cancel;
  const look = (): void => {
    const stuck = checks.stuck();
    const text = `${stuck} checks have proven nothing for five intervals: their servers are held as they were`;
    alarms.set({ code: 'checker-stuck', subject: 'health', text }, stuck > 0);
    timer = clock.at(clock.now() + LOOK_MS, look);
  };
  timer = clock.at(clock.now() + LOOK_MS, look);
  return () => timer();
}
