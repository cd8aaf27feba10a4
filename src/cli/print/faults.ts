import type { Fault } from '../../model/error.ts';
import { plain } from '../io.ts';

/** One line each: `path: value — remedy`. */
export const faultLines = (faults: readonly Fault[]): string[] =>
  faults.map(({ path, value, remedy }) => `  ${plain(path)}: ${plain(value)} — ${plain(remedy)}`);
