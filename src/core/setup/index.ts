export { initialSetup, step, wakeAt } from './step.ts';
export type { Ask, BoxFacts, Installation, Nic, Reply, SetupEffect, SetupEvent, SetupState, Taken } from './types.ts';
