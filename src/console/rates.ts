import type { Status } from '../model/status.ts';

/** The kernel adds its counters up every 2 s: over a span of four such steps a rate is off by a quarter at most. */
const SPAN_MS = 8_000;
const BETWEEN_MS = 1_000;

type Counters = Status['services'][number]['servers'][number]['counters'];
export type Rates = Counters;

const NONE: Rates = { connections: 0, bytesIn: 0, bytesOut: 0 };

/** Turns counters that only grow into rates per second. */
export interface RateBook {
  /** Takes the counters at `now` (monotonic ms); answers the rate of each server by its key. */
  take(counters: ReadonlyMap<string, Counters>, now: number): (key: string) => Rates;
  /** Forgets everything, so that a span without questions is no span. */
  clear(): void;
}

export function createRateBook(): RateBook {
  let samples: { readonly at: number; readonly counters: ReadonlyMap<string, Counters> }[] = [];
  return {
    take(counters, now) {
      const newest = samples.at(-1);
      if (newest === undefined || now - newest.at >= BETWEEN_MS) samples.push({ at: now, counters });
      samples = samples.filter((sample, index) => now - sample.at <= SPAN_MS || index === samples.length - 1);
      const oldest = samples[0]!;
      const seconds = (now - oldest.at) / 1_000;
      return (key) => {
        const [before, after] = [oldest.counters.get(key), counters.get(key)];
        if (before === undefined || after === undefined || seconds <= 0) return NONE;
        // A server that left the table and came back counts from nothing.
        const rate = (name: keyof Counters): number => Math.max(0, Math.round((after[name] - before[name]) / seconds));
        return { connections: rate('connections'), bytesIn: rate('bytesIn'), bytesOut: rate('bytesOut') };
      };
    },
    clear() {
      samples = [];
    },
  };
}
