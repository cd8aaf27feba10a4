import type { FailoverState } from './state.ts';
import { emit, patch, type Turn } from './turn.ts';

/**
 * A term must be on the disk before it is owned under, and a disk takes its time. So a standby always keeps one in
 * store: a promise above every term it knows to have been owned. Unused it is harmless; nobody is told of it.
 */

/** Before a write that was not confirmed is asked for again, ms. */
const ASK_AGAIN = 1000;

/** A write that takes longer than this says that the disk is at its end, ms. */
const STUCK = 500;

/** The persisted term this node could own under. */
export function usablePromise(state: FailoverState): number | undefined {
  return state.promise > state.term ? state.promise : undefined;
}

/** No term can be written, so this node cannot own; the twin is to know. */
export function diskStuck(state: FailoverState, now: number): boolean {
  return state.role === 'standby' && state.saving !== undefined && now - state.saving.since > STUCK;
}

/** One write at a time, so that a slow one can never land after a newer. */
export function keepPromise(turn: Turn): void {
  const { state, now } = turn;
  if (state.role !== 'standby' || state.ending || usablePromise(state) !== undefined) return;
  if (state.saving !== undefined && now - state.saving.at < ASK_AGAIN) return;
  const term = state.term + 1;
  patch(turn, { saving: { term, since: state.saving?.since ?? now, at: now } });
  emit(turn, { type: 'persist', term });
}

export function persisted(turn: Turn, term: number): void {
  const { state } = turn;
  const done = state.saving !== undefined && state.saving.term <= term;
  patch(turn, { promise: Math.max(state.promise, term), saving: done ? undefined : state.saving });
}
