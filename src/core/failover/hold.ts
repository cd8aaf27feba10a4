import { type Hold, type NodeId, peerOf } from '../../model/pair.ts';
import { peerHeard } from './silence.ts';
import type { FailoverState } from './state.ts';
import { emit, patch, type Turn } from './turn.ts';

/**
 * An operator holds a node for maintenance. It is not fit (fitness.ts), so it takes nothing and the twin gives it nothing;
 * as the owner it hands over neither by itself nor when asked. What guards against two owners stays as it is: a higher
 * term, a claim after a stall and the end of the service take the floats from a held owner too.
 */

export const holdText = (node: NodeId, { reason, by }: Hold): string =>
  `${node} is held by an operator (${reason === '' ? by : `${reason}, ${by}`})`;

/** The floats are on their way to or from this node: what has begun is not broken off. */
function moving(state: FailoverState, now: number): boolean {
  const { beat } = state.peer;
  const coming = beat !== undefined && peerHeard(state, now) && (beat.handingOver || beat.granted !== 0);
  return coming || state.handOver !== undefined || state.role === 'taking' || state.role === 'releasing';
}

/** Holding again changes reason and author; ending what is not held changes nothing and is no error. */
export function setHold(turn: Turn, request: number, hold: Hold | undefined): void {
  const { state, now } = turn;
  const { self } = state.config;
  if (hold !== undefined && moving(state, now)) {
    const text = 'the floats are being handed over';
    emit(turn, { type: 'answer', request, ok: false, text, remedy: 'say it again in a second' });
    return;
  }
  patch(turn, { hold });
  const twin = peerOf(self);
  const held = `${self} is held: it takes no floats, and ${state.role === 'active' ? `gives ${twin} none` : `${twin} gives it none`}, until \`tandem resume\``;
  const resumed = state.hold === undefined ? `${self} was not held` : `${self} is no longer held`;
  emit(turn, { type: 'keep-hold', request, hold, text: hold === undefined ? resumed : held });
}
