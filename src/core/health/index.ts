export { allChecks, type Book, checkIn, MAX_ASKING } from './book.ts';
export * from './quorum.ts';
export * from './slowStart.ts';
export { adoptedVerdicts, checkOf, checksOf } from './specs.ts';
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
  Verdict,
} from './types.ts';
