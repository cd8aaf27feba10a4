import type { Clock } from '../ports/clock.ts';

/** Failures of one address that cost it nothing but the hash. */
const FREE = 3;
const LONGEST_MS = 60_000;
/** Addresses remembered; the one that failed longest ago is forgotten first. */
const ADDRESSES = 1_024;
/** Guesses that all addresses together have at once, and how fast they come back. */
const BUCKET = 20;
const REFILL_MS = 3_000;

interface Record {
  failures: number;
  /** Monotonic ms before which nothing is tried. */
  until: number;
}

/**
 * Slows down guessing: an address that fails again and again waits 1, 2, 4, … 60 s, and all addresses together have 20
 * guesses, then one every 3 s. The second bound lets a stranger on the private side keep others from the console, not from
 * `tandem` or the serial console.
 */
export interface Throttle {
  /** Takes one guess; answers the ms to wait before one may be made, 0 = it is made now. */
  begin(address: string): number;
  /** The guess was right: it cost nothing. */
  right(address: string): void;
}

export function createThrottle(clock: Clock): Throttle {
  const records = new Map<string, Record>();
  let guesses = BUCKET;
  let filled = clock.now();

  function refill(now: number): void {
    const whole = Math.floor((now - filled) / REFILL_MS);
    guesses = Math.min(BUCKET, guesses + whole);
    filled += whole * REFILL_MS;
  }

  return {
    begin(address) {
      const now = clock.now();
      refill(now);
      const before = records.get(address);
      if (before !== undefined && before.until > now) return before.until - now;
      if (guesses < 1) return filled + REFILL_MS - now;
      guesses -= 1;
      const failures = (before?.failures ?? 0) + 1;
      const wait = failures <= FREE ? 0 : Math.min(LONGEST_MS, 1_000 * 2 ** (failures - FREE - 1));
      // Counted before the hash is made: guesses sent at once do not slip through together.
      records.delete(address);
      records.set(address, { failures, until: now + wait });
      const oldest = records.size > ADDRESSES ? records.keys().next().value : undefined;
      if (oldest !== undefined) records.delete(oldest);
      return 0;
    },
    right(address) {
      records.delete(address);
      guesses = Math.min(BUCKET, guesses + 1);
    },
  };
}
