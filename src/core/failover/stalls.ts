import type { FailoverState } from './state.ts';
import { patch, type Turn } from './turn.ts';

/**
 * A node that stands still now and then is safe: it hears and asks before it acts. One that does so again and again is too
 * busy for its heartbeat, and is no use as the one that has to notice a dead twin in time.
 */

/** So many times within a minute are worth a person's eye. */
const OFTEN = 3;
const WITHIN = 60_000;

/** The share of the deadline that a wake-up may be late; later, the node stood still. */
export const STALL = 1 / 2;

export function noteStall(turn: Turn): void {
  patch(turn, { stalls: [...turn.state.stalls, turn.now].slice(-OFTEN) });
}

export const stallsOften = ({ stalls }: FailoverState, now: number): boolean =>
  stalls.length === OFTEN && now - stalls[0]! < WITHIN;

export const stallsText = ({ config }: FailoverState): string =>
  `the pair lane woke more than ${config.deadline * STALL} ms late ${OFTEN} times within ${WITHIN / 1000} s: ` +
  'this box is too busy for heartbeat.deadline_ms';
