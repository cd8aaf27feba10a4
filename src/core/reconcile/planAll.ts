import { planIpvs } from './planIpvs.ts';
import { planMarks } from './planMarks.ts';
import { planNetwork } from './planNetwork.ts';
import { planSysctls, tableFor } from './planSysctls.ts';
import type { DesiredState, Drains, Observation, Plan } from './types.ts';

export interface FullPlan {
  readonly plan: Plan;
  readonly drains: Drains;
  readonly warnings: readonly string[];
}

/** The NICs this box routes between: its own two, and any other that a float goes to. */
export const devicesOf = (desired: Pick<DesiredState, 'nics' | 'floats'>): string[] => [
  ...new Set([...desired.nics, ...desired.floats].map((entry) => entry.device)),
];

/** Everything that differs between the desired state and the kernel, as ordered steps. */
export function planAll(desired: DesiredState, observed: Observation, drains: Drains, now: number): FullPlan {
  const ipvs = planIpvs(desired, observed.ipvs, drains, now);
  const network = planNetwork(desired, observed);
  const sysctls = planSysctls(devicesOf(desired), observed.sysctls, tableFor(desired));
  const marks = planMarks(desired.marks, observed.marks);
  const guard = desired.guard?.normal === observed.guard ? [] : [{ table: desired.guard }];
  return {
    plan: { sysctls, network: network.steps, marks, guard, ipvs: ipvs.steps },
    drains: ipvs.drains,
    warnings: network.warnings,
  };
}
