export { describeGuard, describeNetwork, describePlan, describeStep, describeSysctl } from './describe.ts';
export { DRAIN_MS, desiredService, desiredState } from './desired.ts';
export { without } from './drift.ts';
export { factsOf } from './facts.ts';
export { FIGHT_MS, FIGHT_TIMES } from './fights.ts';
export { type Impact, impactOf } from './impact.ts';
export { byServiceId, serviceId } from './keys.ts';
export { devicesOf, planAll } from './planAll.ts';
export { planIpvs } from './planIpvs.ts';
export { planNetwork } from './planNetwork.ts';
export { planSysctls, sysctlsFor, tableFor } from './planSysctls.ts';
export * from './state.ts';
export { step } from './step.ts';
export { sysctlTable, sysctlTable6 } from './sysctlTable.ts';
export type {
  DesiredService,
  DesiredState,
  Drains,
  NetworkStep,
  Observation,
  Plan,
  Refusal,
  SysctlStep,
} from './types.ts';
