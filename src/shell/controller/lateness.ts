/** Questions of which the lateness is remembered. */
const KEPT = 512;

export interface Lateness {
  /** @param ms after it was due that a question went out */
  add(ms: number): void;
  /** The 99th of 100 of the last 512, in ms; null before the first. */
  p99(): number | null;
}

/** How late questions went out: a check that is late tells of a server what was true some time ago. */
export function createLateness(): Lateness {
  const ring = new Float64Array(KEPT);
  let count = 0;
  return {
    add(ms) {
      ring[count % KEPT] = ms;
      count += 1;
    },
    p99() {
      if (count === 0) return null;
      const sorted = ring.slice(0, Math.min(count, KEPT)).sort();
      return Math.round(sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0);
    },
  };
}
