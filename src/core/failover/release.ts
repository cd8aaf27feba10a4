import type { Cause } from '../../model/pair.ts';
import { emit, patch, type Turn } from './turn.ts';

/** Before the kernel is asked again to drop the floats, ms. */
const ASK_AGAIN = 500;

/** Lets both floats go, from whatever state of holding or taking them. A hand-over survives only its own release. */
export function beginRelease(turn: Turn, cause: Cause, evidence: string): void {
  const { state, now } = turn;
  const term = state.own?.term ?? state.take?.term ?? state.term;
  const { handOver } = state;
  if (handOver !== undefined && handOver.phase !== 'dropping') {
    if (handOver.request !== undefined) {
      emit(turn, { type: 'answer', request: handOver.request, ok: false, text: `the floats were let go: ${evidence}` });
    }
    patch(turn, { handOver: undefined });
  }
  patch(turn, {
    role: 'releasing',
    own: undefined,
    take: undefined,
    hunt: undefined,
    release: { term, cause, evidence, since: now, askedAt: now },
  });
  emit(turn, { type: 'drop' });
}

export function askDropAgain(turn: Turn): void {
  const { state, now } = turn;
  if (state.release === undefined || now - state.release.askedAt < ASK_AGAIN) return;
  patch(turn, { release: { ...state.release, askedAt: now } });
  emit(turn, { type: 'drop' });
}

export function dropped(turn: Turn): void {
  const { state, now } = turn;
  const { release, handOver, config } = state;
  if (state.role !== 'releasing' || release === undefined) return;
  const granting = handOver?.phase === 'dropping';
  patch(turn, {
    role: 'standby',
    release: undefined,
    handOver: granting ? { ...handOver, phase: 'granted', until: now + config.handOverTimeout } : handOver,
  });
  emit(turn, {
    type: 'record',
    transition: {
      from: 'active',
      to: 'standby',
      term: release.term,
      cause: release.cause,
      evidence: release.evidence,
      steps: { decided: 0, dropped: now - release.since },
    },
  });
}
