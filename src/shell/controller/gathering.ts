import type { Cancel, Clock, Close } from '../../ports/clock.ts';

/**
 * After each run, times its length before the next one: a fifth of this process at the most, however many checks answer for
 * the first time or fail with a switch. Between them the checks themselves are asked.
 */
const REST = 4;

export interface Gathering {
  /** Something has turned: what has to be done about it comes soon. */
  news(): void;
  readonly close: Close;
}

/**
 * News that come together are dealt with together.
 * @param wait from the first of them to `work`, ms.
 * @param work goes through every server of the document, synchronously.
 */
export function createGathering(clock: Clock, wait: number, work: () => void): Gathering {
  let timer: Cancel | undefined;
  /** No run before this, monotonic ms. */
  let restUntil = Number.NEGATIVE_INFINITY;

  function run(): void {
    timer = undefined;
    const begun = clock.now();
    try {
      work();
    } finally {
      const ended = clock.now();
      restUntil = ended + REST * (ended - begun);
    }
  }

  return {
    news() {
      timer ??= clock.at(Math.max(clock.now() + wait, restUntil), run);
    },
    close: () => timer?.(),
  };
}
