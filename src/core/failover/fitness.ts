import { type Beat, saysHeld } from '../../codec/beat.ts';
import { diskStuck } from './promise.ts';
import type { FailoverState } from './state.ts';

/** This node could serve at once. The twin is told the same by the beat. */
export function fit(state: FailoverState, now: number): boolean {
  return state.nics.public && state.nics.private && state.hold === undefined && readyToServe(state, now);
}

/** The kernel is prepared and nothing here forbids owning, but for an operator's hold; without one, `ready` of the beat. */
export function readyToServe(state: FailoverState, now: number): boolean {
  return state.ready && !state.ending && now >= state.holdUntil && !diskStuck(state, now);
}

export const fitPeer = (beat: Beat): boolean => beat.publicUp && beat.privateUp && beat.ready;

/** Why a twin is not fit, in words. */
export function unfitness(beat: Beat): string {
  const faults: string[] = [];
  if (!beat.publicUp) faults.push('its public NIC is down');
  if (!beat.privateUp) faults.push('its private NIC is down');
  if (saysHeld(beat)) faults.push('an operator holds it');
  else if (!beat.ready) faults.push('it is not ready');
  return faults.join(' and ');
}
