import type { FailoverState } from './state.ts';
import { patch, type Turn } from './turn.ts';

/**
 * A move without the twin's word was wrong when the owner it replaced turns out to have been alive: both proofs failed, as
 * they do while the LANs are parted and every link loses most of its beats. One is the price of a fast takeover. When they
 * come again and again, clients gain nothing by the next: it waits for a longer silence, on both nodes. A twin that has lost
 * its power is never heard again under the same boot, so the first takeover is as fast as ever.
 */

/** How long a wrong move is remembered, ms. */
export const WRONG_FOR = 10_000;

/** What the silence has to last beyond the deadline after so many wrong moves, ms; after more, the last. */
const LONGER = [0, 0, 500, 1000, 2000];

export const wrongMoves = (state: FailoverState, now: number): number =>
  state.wrongMoves.filter((at) => now - at < WRONG_FOR).length;

/** What the twin's silence has to last beyond the deadline before it is the first proof, ms; 0 to 2000. */
export function damping(state: FailoverState, now: number): number {
  return state.wrongMoves.length < 2 ? 0 : (LONGER[wrongMoves(state, now)] ?? LONGER.at(-1)!);
}

/** One more, whichever of both nodes made it. */
export function noteWrongMove(turn: Turn): void {
  patch(turn, { wrongMoves: [...turn.state.wrongMoves, turn.now].slice(1 - LONGER.length) });
}
