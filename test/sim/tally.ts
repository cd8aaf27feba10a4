import type { Outcome } from './run.ts';

/** What a number of runs came to. */
export interface Tally {
  seeds: number;
  violations: number;
  /** ms. */
  simulated: number;
  takeovers: number;
  readonly faults: Record<string, number>;
}

export const emptyTally = (): Tally => ({ seeds: 0, violations: 0, simulated: 0, takeovers: 0, faults: {} });

export function count(tally: Tally, outcome: Outcome): void {
  const violations = outcome.violation === undefined ? 0 : 1;
  add(tally, { seeds: 1, violations, simulated: outcome.simulated, takeovers: outcome.moves, faults: {} });
  for (const fault of outcome.faults) tally.faults[fault] = (tally.faults[fault] ?? 0) + 1;
}

export function add(tally: Tally, more: Tally): void {
  tally.seeds += more.seeds;
  tally.violations += more.violations;
  tally.simulated += more.simulated;
  tally.takeovers += more.takeovers;
  for (const [fault, times] of Object.entries(more.faults)) tally.faults[fault] = (tally.faults[fault] ?? 0) + times;
}

/** In lines for people. @param wall ms that it took. */
export function tallyLines(tally: Tally, wall: number): string[] {
  const kinds = Object.entries(tally.faults).sort((one, other) => other[1] - one[1]);
  const faults = kinds.reduce((sum, [, times]) => sum + times, 0);
  const seconds = wall / 1000;
  return [
    ...kinds.map(([fault, times]) => `${String(times).padStart(8)} ${fault}`),
    `${tally.violations} violations: ${tally.seeds} seeds, ${(tally.simulated / 3_600_000).toFixed(2)} simulated hours, ${faults} faults, ` +
      `${tally.takeovers} takeovers in ${seconds.toFixed(1)} s (${(tally.seeds / seconds).toFixed(1)} seeds/s)`,
  ];
}
