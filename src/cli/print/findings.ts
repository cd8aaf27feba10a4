import type { ToldFinding } from '../../model/lint.ts';
import { plain } from '../io.ts';

/** Three lines each: what was found, why it hurts, and what to do; an alarm has its mark. */
export const findingLines = (findings: readonly ToldFinding[]): string[] =>
  findings.flatMap(({ code, text, why, remedy, alarm }) => [
    `${alarm ? '!' : '-'} ${plain(code)}: ${plain(text)}`,
    `  why: ${plain(why)}`,
    `  remedy: ${plain(remedy)}`,
  ]);
