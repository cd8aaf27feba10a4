import { damping } from './damping.ts';
import { unansweredAt } from './hunt.ts';
import { silentAt, suspectedAt } from './silence.ts';
import type { FailoverState } from './state.ts';

/**
 * When the next `tick` is wanted at the latest, monotonic ms; never more than a beat's interval after the last step, so
 * that a tick that comes much later shows that this node itself stood still.
 */
export function wakeAt(state: FailoverState): number {
  const { at, config, hunt, own, take, handOver } = state;
  let wake = state.nextBeatAt;
  const consider = (time: number): void => {
    if (time > at && time < wake) wake = time;
  };
  if (state.role === 'standby') {
    consider(suspectedAt(state));
    consider(silentAt(state) + damping(state, at));
    consider(silentAt(state));
  }
  const probing = hunt ?? own?.doubt;
  if (probing !== undefined) {
    consider(probing.nextAt);
    consider(unansweredAt(probing, config));
  }
  if (own !== undefined && own.doubt === undefined) {
    consider(own.renewAt);
    consider(own.announceAt);
    if (own.asking !== undefined) consider(own.asking.nextAt);
  }
  if (take !== undefined) consider(take.since + config.deadline);
  if (take?.phase === 'consent') consider(take.since + config.handOverTimeout);
  if (handOver !== undefined) consider(handOver.until);
  return wake;
}
