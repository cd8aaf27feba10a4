import type { FailoverState } from './state.ts';
import { NEVER } from './state.ts';

/** When the last valid beat arrived on any link. */
export function lastHeardAt(state: FailoverState): number {
  let last = NEVER;
  for (const link of state.config.links) last = Math.max(last, state.peer.links[link].at);
  return last;
}

/** A valid beat arrived on some link within the deadline. */
export function peerHeard(state: FailoverState, now: number): boolean {
  return now - lastHeardAt(state) < state.config.deadline;
}

/**
 * From when on the twin counts as silent if nothing more arrives: the first proof. Counts from this node's own last
 * stall at the earliest; a twin never heard is given the time it may need to start.
 */
export function silentAt(state: FailoverState): number {
  const last = lastHeardAt(state);
  const deadline = Math.max(last, state.windowStart) + state.config.deadline;
  return last === NEVER ? Math.max(deadline, state.startedAt + state.config.startupListen) : deadline;
}

/** From when on a missing beat is worth probing for. */
export function suspectedAt(state: FailoverState): number {
  return Math.max(lastHeardAt(state), state.windowStart) + state.config.suspectAfter;
}

export const peerSilent = (state: FailoverState, now: number): boolean => now >= silentAt(state);

/**
 * The twin hears us, and what it says is no older than the deadline: it has echoed a beat of ours that young. Only such
 * a twin can be handed the floats, consent, or give us its word.
 */
export function peerFresh(state: FailoverState, now: number): boolean {
  return peerHeard(state, now) && now - state.peer.echoAt <= state.config.deadline;
}

/**
 * The twin hears us, perhaps later than the deadline allows: a line may delay what it carries. Enough to work towards the
 * twin's consent, which itself has to be fresh.
 */
export function peerAnswers(state: FailoverState, now: number): boolean {
  return peerHeard(state, now) && now - state.peer.echoAt <= state.config.handOverTimeout;
}
