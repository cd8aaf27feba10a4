/**
 * The failover core: who owns the floats. One pure step at a time; effects go out, events come back.
 *
 * A standby comes to own them
 * - by the owner's word (handOver.ts): both floats are gone there, granted under the term this node has on disk; or
 * - by proof (takeover.ts): neither float answers (hunt.ts), and the twin is silent on every link (silence.ts), or it is a
 *   standby that consents, or an unfit standby that cannot hear us.
 * An owner ceases to be one
 * - for a higher term, or as `b` for an equal one (conflict.ts);
 * - by handing over: asked for, at shutdown, or with a NIC down or a kernel not ready while the twin is fit; without a fit
 *   twin it stays, as a crippled router is better than none;
 * - when both its NICs are down and the twin is silent: nobody reaches the floats here, and the twin may prove just that;
 * - when it stood still and somebody claims a float, or the kernel lost the floats and the twin cannot be asked (owner.ts);
 * - when no beat passes and somebody keeps claiming every float it can reach: the unfit one goes, and `b` of two fit ones.
 * - when the document prefers the twin, that has been fit for as long as it asks, and the controller's word is that clients
 *   would lose nothing (preference.ts).
 * A node never takes by preference: unless the owner hands over, who owns keeps. An operator's hold (hold.ts) keeps a
 * standby from taking and an owner from handing over, by itself or when asked.
 *
 * Terms are on disk before they are owned under (promise.ts). Recordings pass for nobody (replay.ts).
 */
export { type Refusal, refusal as handOverRefusal } from './handOver.ts';
export { asksForRival } from './owner.ts';
export type { Returning } from './preference.ts';
export { createFailover, type FailoverState } from './state.ts';
export { step } from './step.ts';
export { defaultTiming } from './timing.ts';
export { type FailoverView, viewOf } from './view.ts';
export { wakeAt } from './wake.ts';
