export { ANSWER_GRACE_MS, allChecks, type Book, checkIn } from './book.ts';
export * from './quorum.ts';
export * from './slowStart.ts';
export { adoptedVerdicts, checkOf, checksOf } from './specs.ts';
export * from './step.ts';
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
