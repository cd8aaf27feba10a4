import type { Clock } from '../../ports/clock.ts';

/** Lengths of a run that pass before the next. */
const REST = 4;

/** Work that goes through a table of any size, again and again, takes a fifth of this process at the most. */
export interface Rest {
  /** Runs synchronous work and rests, also after work that throws. */
  after<T>(work: () => T): T;
  /** No work by itself before this, monotonic ms; work that a person waits for need not heed it. */
  readonly until: () => number;
}

export function createRest(clock: Clock): Rest {
  let until = Number.NEGATIVE_INFINITY;
  return {
    after(work) {
      const begun = clock.now();
      try {
        return work();
      } finally {
        const ended = clock.now();
        until = ended + REST * (ended - begun);
      }
    },
    until: () => until,
  };
}
