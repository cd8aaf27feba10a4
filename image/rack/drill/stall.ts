/**
 * How long this process itself did not run. A probe's answer that waited in the socket while the prober was not
 * scheduled is the prober's fault, not the service's: `total` taken before and after a wait tells how much to forgive.
 */
export class StallMeter {
  /** Lateness every timer has, ms; forgiving it would add up. */
  static readonly SLACK = 3;
  readonly #period: number;
  #last: number;
  #stalled = 0;

  /** `period`: ms between two `tick` calls when nothing is late. */
  constructor(period: number, now: number) {
    this.#period = period;
    this.#last = now;
  }

  /** Called by the timer that should fire every period. Returns the stall that ends with it, ms. */
  tick(now: number): number {
    const stall = this.#current(now);
    this.#stalled += stall;
    this.#last = now;
    return stall;
  }

  /** Ms of stall so far, the one that has not ended yet included. Never decreases between ticks. */
  total(now: number): number {
    return this.#stalled + this.#current(now);
  }

  #current(now: number): number {
    const late = now - this.#last - this.#period;
    return late > StallMeter.SLACK ? late : 0;
  }
}

/** The value below which `share` (0 to 1) of the samples lie; 0 without samples. */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) return 0;
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
