import type { Beat } from '../../codec/beat.ts';
import { noteWrongMove } from './damping.ts';
import { beginRelease } from './release.ts';
import { peerHeard } from './silence.ts';
import { withdraw } from './takeover.ts';
import { patch, type Turn } from './turn.ts';

/** How long ago somebody else may have claimed a float for an unproved twin's word to be believed, ms. */
const CLAIM_FRESH = 2000;

/** Between probes that ask whether an unproved twin really answers for the floats, ms. */
const ASK_PACE = 100;

/** Two nodes that own or are about to: the higher term stays, `a` when they are equal. */
export function settleConflict(turn: Turn): void {
  const { state, now } = turn;
  const { beat } = state.peer;
  if (beat === undefined || !peerHeard(state, now)) return;
  if (beat.role !== 'active' && beat.role !== 'taking') return;
  const { self } = state.config;

  if (state.take?.phase === 'consent') {
    const outranked = beat.term > state.take.term || (beat.term === state.take.term && self === 'b');
    if (beat.role === 'active' || outranked) withdraw(turn);
    return;
  }
  const mine = state.own?.term ?? state.take?.term;
  if (mine === undefined) return;
  noteReplaced(turn, beat, mine);
  if (beat.term > mine) {
    beginRelease(turn, 'higher-term', `${beat.from} is ${beat.role} under term ${beat.term}, ours is ${mine}`);
  } else if (beat.term === mine && beat.role === 'active' && self === 'b' && state.role === 'active') {
    beginRelease(turn, 'tie-break', `${beat.from} is active under the same term ${mine}, and a goes first`);
  }
}

/** Both own: the later of both moves was wrong, unless it is known that the owner before it stood still. Each node counts it once. */
function noteReplaced(turn: Turn, beat: Beat, mine: number): void {
  const { own } = turn.state;
  if (own === undefined || beat.role !== 'active' || beat.term === mine) return;
  if (beat.term > mine) {
    if (own.doubt === undefined) noteWrongMove(turn);
  } else if (beat.boot === own.over) {
    noteWrongMove(turn);
    patch(turn, { own: { ...own, over: undefined } });
  }
}

/**
 * A twin that has not proved to be alive (it may be unable to hear us, or a recording) claims a higher term, or as `a` the
 * same. Believed only while somebody really answers for our floats, which is asked for at once.
 */
export function settleUnproved(turn: Turn, beat: Beat): void {
  const { state, now } = turn;
  const { own, claimedAt, config } = state;
  if (own === undefined || beat.role !== 'active' || beat.term < own.term) return;
  const tie = beat.term === own.term;
  if (tie && config.self === 'a') return;
  if (now - Math.max(claimedAt.public, claimedAt.private) > CLAIM_FRESH) {
    patch(turn, { own: { ...own, guardAt: Math.min(own.guardAt, own.guardedAt + ASK_PACE) } });
    return;
  }
  patch(turn, { term: Math.max(state.term, beat.term) });
  if (own.doubt === undefined) noteWrongMove(turn);
  const evidence = `${beat.from} is active under term ${beat.term}, ours is ${own.term}, and a float is claimed`;
  beginRelease(turn, tie ? 'tie-break' : 'higher-term', evidence);
}
