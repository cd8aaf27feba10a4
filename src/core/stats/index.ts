export { COUNTERS, isLaidOutAs, type Layout, layoutOf } from './layout.ts';
export { countersOf, ratesOf } from './rates.ts';
export { BETWEEN_MS, initialStats, SECOND_SERIES, SPAN_MS, step } from './step.ts';
export type { StatsEffect, StatsEvent, StatsState } from './types.ts';
