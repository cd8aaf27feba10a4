export { factsLine, objections, unheard, WARM_MS } from './fitTwin.ts';
export { diverged, newer, newerUse, same, sameUse, successor } from './order.ts';
export { agreed, initialReplicate, step, wakeAt } from './step.ts';
export { RESEND_MS, type ReplicateEffect, type ReplicateEvent, type ReplicateState } from './types.ts';
export { type Reach, reachOf, refusalText } from './view.ts';
