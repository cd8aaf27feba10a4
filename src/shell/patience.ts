import type { Cancel, Clock } from '../ports/clock.ts';

/**
 * Calls `fire` once `ms` have passed and what came meanwhile has been read: a process that stood still finds its timers before
 * its sockets (libuv's uv_run: timers, poll, check), and would take its own stall for somebody else's silence.
 */
export function afterReading(clock: Clock, ms: number, fire: () => void): Cancel {
  let last: NodeJS.Immediate | undefined;
  const cancel = clock.at(clock.now() + ms, () => {
    last = setImmediate(fire);
  });
  return () => {
    cancel();
    clearImmediate(last);
  };
}
