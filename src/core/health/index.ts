export { allChecks, type Book, checkIn, MAX_ASKING } from './book.ts';
export * from './differ.ts';
export * from './exchange.ts';
export * from './memory.ts';
export * from './quorum.ts';
export * from './slowStart.ts';
export { adoptedVerdicts, checkNames, checkOf, checksOf, type Named } from './specs.ts';
export * from './step.ts';
export { ANSWER_GRACE_MS } from './tree.ts';
export type {
  Answer,
  Checked,
  CheckSpec,
  CheckState,
  HealthEffect,
  HealthEvent,
  HealthState,
  Known,
  Verdict,
  Word,
} from './types.ts';
