/** The failover core. Who owns the floats: two proofs without the twin's word, or the twin's word. */
export { createFailover, type FailoverState } from './state.ts';
export { step } from './step.ts';
export { defaultTiming } from './timing.ts';
export { type FailoverView, viewOf } from './view.ts';
export { wakeAt } from './wake.ts';
