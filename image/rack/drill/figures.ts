import type { RunResult } from './result.ts';

export const ms = (value: number): string => `${Math.round(value * 10) / 10} ms`;

/** The middle value; of an even number the mean of both. Undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.floor(sorted.length / 2)];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

export const longestBlind = (results: readonly Pick<RunResult, 'detail'>[]): number =>
  Math.max(0, ...results.map(({ detail }) => detail?.blind_ms ?? 0));
