import type { FailoverState } from './state.ts';
import { patch, type Turn } from './turn.ts';

/** The longest wait after failed moves, unless the document's own is longer, ms. */
const LONGEST = 3_600_000;
/** Doublings that are counted. */
const MOST = 16;

/** How long the preferred twin has to be fit before the next move to it, ms. */
function delay({ config, preference }: FailoverState): number {
  const after = config.preference?.afterMs ?? LONGEST;
  return Math.min(after * 2 ** preference.failed, Math.max(after, LONGEST));
}

/**
 * Notes since when the twin, if it is the preferred one, could be handed the floats, and answers why it is to be handed
 * them now; undefined when it is not. Its readiness includes the daemons of connection sync, so the delay is also the time
 * in which its table fills.
 * @param able the twin could be handed the floats now.
 */
export function preferredDue(turn: Turn, able: () => boolean): string | undefined {
  const { state, now } = turn;
  const { config, preference, own, hold } = state;
  const wanted = config.preference !== undefined && config.preference.node !== config.self;
  if (!wanted || own === undefined || own.doubt !== undefined || hold !== undefined || !able()) {
    if (preference.since !== undefined) patch(turn, { preference: { ...preference, since: undefined } });
    return undefined;
  }
  if (preference.since === undefined) patch(turn, { preference: { ...preference, since: now } });
  const fitFor = now - (preference.since ?? now);
  if (fitFor < delay(state) || now < state.handOverAfter) return undefined;
  return `${config.preference?.node} is preferred and has been fit for ${Math.round(fitFor / 1000)} s`;
}

/** A move has begun: it counts as failed until the twin owns, so that one that is broken off does too. */
export function preferredBegun(turn: Turn): void {
  const failed = Math.min(MOST, turn.state.preference.failed + 1);
  patch(turn, { preference: { since: undefined, failed } });
}

export function preferredDone(turn: Turn): void {
  patch(turn, { preference: { since: undefined, failed: 0 } });
}
