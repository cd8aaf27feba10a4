/** Counts by reason; the reasons are words of the code, so their number is bounded. */
export interface Tally {
  count(reason: string, times?: number): void;
  read(): Readonly<Record<string, number>>;
}

export function createTally(): Tally {
  const counts: Record<string, number> = {};
  return {
    count(reason, times = 1) {
      counts[reason] = (counts[reason] ?? 0) + times;
    },
    read: () => ({ ...counts }),
  };
}
