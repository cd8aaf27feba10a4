import { type Ending, endingText } from '../../model/ending.ts';
import type { Cancel, Clock, Close } from '../../ports/clock.ts';
import type { Ledger } from './ledger.ts';

/** Between two looks that find something, ms: a process that ends again and again must not fill the ledger. */
export const ENDINGS_MS = 60_000;

export interface Endings {
  /** Now, or as soon as the last telling is old enough. */
  look(): void;
  readonly close: Close;
}

/**
 * Writes into the ledger that the pair lane or this process has ended by itself, and why: the journal that says it too is gone
 * with the next boot, and the twin's story of the takeover tells silence only.
 * @param take what has ended since it was last asked
 */
export function createEndings(take: () => readonly Ending[], clock: Clock, ledger: Pick<Ledger, 'record'>): Endings {
  let quietUntil = Number.NEGATIVE_INFINITY;
  let timer: Cancel | undefined;

  function look(): void {
    if (timer !== undefined) return;
    if (clock.now() < quietUntil) {
      timer = clock.at(quietUntil, () => {
        timer = undefined;
        look();
      });
      return;
    }
    const found = take();
    if (found.length === 0) return;
    quietUntil = clock.now() + ENDINGS_MS;
    for (const process of ['pair lane', 'controller'] as const) {
      const endings = found.filter((ending) => ending.process === process);
      if (endings.length > 0) ledger.record('process-ended', endingText(endings), endings, 'warning');
    }
  }

  return {
    look,
    close() {
      timer?.();
      timer = undefined;
    },
  };
}
