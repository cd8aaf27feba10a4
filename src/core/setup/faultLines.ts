import type { Fault } from '../../model/error.ts';

/** One line each, as `tandem apply` prints them. */
export const faultLines = (faults: readonly Fault[]): string[] =>
  faults.map(({ path, value, remedy }) => `  ${path}: ${value} — ${remedy}`);
