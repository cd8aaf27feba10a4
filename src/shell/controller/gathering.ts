import type { Cancel, Clock, Close } from '../../ports/clock.ts';
import { createRest } from './rest.ts';

export interface Gathering {
  /** Something has turned: what has to be done about it comes soon. */
  news(): void;
  readonly close: Close;
}

/**
 * News that come together are dealt with together. However many checks answer for the first time or fail with a switch, they
 * go on being asked: long work rests before the next run.
 * @param wait from the first of them to `work`, ms.
 * @param work goes through every server of the document, synchronously.
 */
export function createGathering(clock: Clock, wait: number, work: () => void): Gathering {
  const rest = createRest(clock);
  let timer: Cancel | undefined;

  function run(): void {
    timer = undefined;
    rest.after(work);
  }

  return {
    news() {
      timer ??= clock.at(Math.max(clock.now() + wait, rest.until()), run);
    },
    close: () => timer?.(),
  };
}
