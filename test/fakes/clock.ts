import type { Cancel, Clock } from '../../src/ports/clock.ts';

/** Time that passes when told to; timers fire in order of their time, then of their making. */
export class FakeClock implements Clock {
  #now = 1000;
  #made = 0;
  readonly #timers = new Map<number, { at: number; fire: () => void }>();

  now = (): number => this.#now;
  wall = (): number => 1_700_000_000_000 + this.#now;

  at(at: number, fire: () => void): Cancel {
    const id = this.#made++;
    this.#timers.set(id, { at, fire });
    return () => this.#timers.delete(id);
  }

  /** Lets `ms` pass. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers]
        .filter(([, timer]) => timer.at <= end)
        .sort((a, b) => a[1].at - b[1].at || a[0] - b[0]);
      const next = due[0];
      if (next === undefined) break;
      this.#timers.delete(next[0]);
      this.#now = Math.max(this.#now, next[1].at);
      next[1].fire();
    }
    this.#now = end;
  }

  /** Time passes and nothing is done in it, as when the process stands still; what was due by then fires at the next `advance`. */
  standStill(ms: number): void {
    this.#now += ms;
  }

  get timers(): number {
    return this.#timers.size;
  }
}
