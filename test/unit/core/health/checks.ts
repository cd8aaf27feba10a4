import type { CheckSpec, CheckState } from '../../../../src/core/health/index.ts';

/** The spec of server `n`, `web/s<n>`. */
export const specOf = (n: number, more: Partial<CheckSpec> = {}): CheckSpec => ({
  id: `tcp 192.0.2.${n}:8080`,
  question: { type: 'tcp' },
  address: `192.0.2.${n}`,
  port: 8080,
  interval: 1000,
  timeout: 500,
  rise: 2,
  fall: 2,
  retry: 250,
  ...more,
});

/** A check of server `n` that has been proved good since 0 and was asked last at 10 s. */
export const checkOfServer = (n: number, more: Partial<CheckState> = {}): CheckState => ({
  spec: specOf(n),
  verdict: 'up',
  reason: 'connected',
  against: 0,
  share: 100,
  warning: '',
  risenAt: undefined,
  provenSince: 0,
  provenAt: 10_000,
  nextAt: 11_000,
  asking: undefined,
  ...more,
});

export const namesOf = (checks: readonly CheckState[]): ReadonlyMap<string, string> =>
  new Map(checks.map(({ spec }, at) => [spec.id, `web/s${at + 1}`]));
