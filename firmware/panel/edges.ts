import type { Gpio } from 'onoff';
import type { Close } from '../../src/ports/clock.ts';

/** Edges that are told within `WINDOW_MS`: a bouncing contact makes some dozens. */
export const MAX_EDGES = 64;
export const WINDOW_MS = 1000;
/** How long a line that makes more is left alone. */
const DEAF_MS = 10_000;

/**
 * Tells the level of a line, and then its edges. A floating or broken one may make thousands a second, each of which
 * would wake the process beside its beats: then it is not listened to for a while.
 * @param onStorm told each time that begins.
 */
export function watchEdges(gpio: Gpio, tell: (active: boolean) => void, onStorm: () => void): Close {
  let from = Number.NEGATIVE_INFINITY;
  let count = 0;
  let again: NodeJS.Timeout | undefined;
  const heard = (_error: unknown, value: 0 | 1): void => {
    const now = performance.now();
    if (now - from >= WINDOW_MS) {
      from = now;
      count = 0;
    }
    count += 1;
    if (count > MAX_EDGES) {
      gpio.unwatchAll();
      again = setTimeout(listen, DEAF_MS);
      onStorm();
    } else tell(value === 1);
  };
  // The level may have changed while nobody listened.
  const listen = (): void => {
    gpio.watch(heard);
    tell(gpio.readSync() === 1);
  };
  listen();
  return () => {
    clearTimeout(again);
    gpio.unwatchAll();
  };
}
