/** A counter of the kernel looked at again and again, and how much it grew lately. */

export interface Sample<T> {
  /** Monotonic ms. */
  readonly at: number;
  readonly value: T;
}

/** With this look, and without those that are older than the span but for the newest of them. */
export function looked<T>(samples: readonly Sample<T>[], value: T, at: number, spanMs: number): Sample<T>[] {
  const all = [...samples, { at, value }];
  const first = all.findLastIndex((sample) => at - sample.at >= spanMs);
  return all.slice(Math.max(0, first));
}
