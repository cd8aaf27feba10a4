import { type Beat, saysHeld } from '../../codec/beat.ts';
import { type Cause, peerOf, SIDES } from '../../model/pair.ts';
import { fit, fitPeer, unfitness } from './fitness.ts';
import { holdText } from './hold.ts';
import { preferredBegun, preferredDone, preferredDue, type Returning, returning } from './preference.ts';
import { usablePromise } from './promise.ts';
import { beginRelease } from './release.ts';
import { echoedAt } from './replay.ts';
import { peerAnswers, peerFresh, peerHeard } from './silence.ts';
import type { FailoverState, HandOver } from './state.ts';
import { beginTake, withdraw } from './takeover.ts';
import { emit, patch, type Turn } from './turn.ts';

/** Between hand-overs of the owner's own accord after one that came to nothing, ms. */
const PAUSE = 1000;

/**
 * The twin's word counts for a hand-over. Where a NIC is down nobody is served, and nothing is lost by letting go on an older
 * word, as a line that delays what it carries has no younger one: the twin still takes by its own proofs.
 */
const heeded = (state: FailoverState, now: number): boolean =>
  SIDES.every((side) => state.nics[side]) ? peerFresh(state, now) : peerAnswers(state, now);

/** Why the twin cannot be handed the floats; undefined when it can. */
function obstacle(state: FailoverState, now: number): string | undefined {
  const twin = peerOf(state.config.self);
  const { beat } = state.peer;
  if (beat === undefined || !peerHeard(state, now)) return `${twin} is not heard`;
  if (!heeded(state, now)) return `${twin} does not hear this node`;
  if (beat.role !== 'standby') return `${twin} is ${beat.role}`;
  if (saysHeld(beat)) return `${twin} is held by an operator`;
  return fitPeer(beat) ? undefined : `${twin} is not fit: ${unfitness(beat)}`;
}

export interface Refusal {
  readonly text: string;
  readonly remedy?: string;
}

/** Why a hand-over asked for now would be refused; undefined when it would not. */
export function refusal(state: FailoverState, now: number): Refusal | undefined {
  const { self } = state.config;
  if (state.handOver !== undefined) return { text: 'a hand-over is under way' };
  if (state.role !== 'active') return { text: `${self} does not hold the floats (${state.role}); ask ${peerOf(self)}` };
  if (state.hold !== undefined) return { text: holdText(self, state.hold), remedy: '`tandem resume`' };
  const text = obstacle(state, now);
  if (text === undefined) return undefined;
  const held = state.peer.beat !== undefined && saysHeld(state.peer.beat) && peerHeard(state, now);
  return held ? { text, remedy: `\`tandem resume\` on ${peerOf(self)}` } : { text };
}

export function requestHandOver(turn: Turn, request: number, by: string, cause: Cause): void {
  const { state, now } = turn;
  const refused = refusal(state, now) ?? (cause === 'button' ? loss(state) : undefined);
  if (refused === undefined) start(turn, cause, `asked for by ${by}`, request);
  else emit(turn, { type: 'answer', request, ok: false, ...refused });
}

/** A button cannot ask whether its presser means it all the same; a controller that does not say stands in nobody's way. */
function loss({ against }: FailoverState): Refusal | undefined {
  if (against === undefined || against === null) return undefined;
  return { text: against, remedy: 'wait, or go past it on this box’s console: `tandem hand-over --force`' };
}

/** How the return to a preferred twin stands; undefined where nothing is to return. */
export const returnOf = (state: FailoverState, now: number): Returning | undefined =>
  returning(state, now, () => obstacle(state, now));

function start(turn: Turn, cause: Cause, why: string, request?: number): void {
  const { state, now } = turn;
  const until = now + state.config.handOverTimeout;
  patch(turn, { handOver: { phase: 'asking', cause, why, since: now, term: 0, until, request } });
}

/** The service is asked to end: the twin gets the floats if it can, and they go in any case, held or not. */
export function shutDown(turn: Turn): void {
  patch(turn, { ending: true });
  const { state, now } = turn;
  if (state.role === 'taking') {
    if (state.take?.phase === 'consent') withdraw(turn);
    else beginRelease(turn, 'shutdown', 'the service was asked to end');
  } else if (state.role === 'active' && state.handOver === undefined) {
    const reason = obstacle(state, now);
    if (reason === undefined) start(turn, 'shutdown', 'the service was asked to end');
    else beginRelease(turn, 'shutdown', `the service was asked to end, and ${reason}`);
  }
}

/** Starts a hand-over of the owner's own accord, and moves the one under way on. */
export function advanceHandOver(turn: Turn): void {
  const { handOver } = turn.state;
  if (handOver === undefined) leaveOfItself(turn);
  else if (handOver.phase === 'asking') advanceAsking(turn, handOver);
  else if (handOver.phase === 'granted') advanceGranted(turn, handOver);
  if (turn.state.ending && !turn.state.ended && turn.state.role === 'standby' && turn.state.handOver === undefined) {
    patch(turn, { ended: true });
    emit(turn, { type: 'ended' });
  }
}

/** For a twin that serves better, or that the document prefers. */
function leaveOfItself(turn: Turn): void {
  leaveIfUnfit(turn);
  const why = preferredDue(turn, () => obstacle(turn.state, turn.now));
  if (why === undefined || turn.state.handOver !== undefined || turn.state.ending) return;
  preferredBegun(turn);
  start(turn, 'preferred', why);
}

function leaveIfUnfit(turn: Turn): void {
  const { state, now } = turn;
  if (
    state.role !== 'active' ||
    state.hold !== undefined ||
    now < state.handOverAfter ||
    obstacle(state, now) !== undefined
  )
    return;
  const down = SIDES.find((side) => !state.nics[side]);
  if (down !== undefined) start(turn, 'nic-down', `the ${down} NIC is down`);
  else if (!state.ready && now - state.unreadySince >= state.config.unreadyAfter) {
    start(turn, 'not-ready', 'the controller says that the kernel is not ready');
  }
}

function advanceAsking(turn: Turn, handOver: HandOver): void {
  const { state, now } = turn;
  const { beat } = state.peer;
  const mine = state.own?.term;
  if (mine === undefined || beat === undefined) return;
  if (heeded(state, now) && beat.role === 'standby' && fitPeer(beat) && beat.prepared > mine) {
    patch(turn, { handOver: { ...handOver, phase: 'dropping', term: beat.prepared } });
    beginRelease(turn, handOver.cause, `${handOver.why}; ${beat.from} is fit and prepared term ${beat.prepared}`);
  } else if (now >= handOver.until) {
    answer(
      turn,
      handOver,
      false,
      `${peerOf(state.config.self)} did not prepare within ${state.config.handOverTimeout} ms`,
    );
    patch(turn, { handOver: undefined, handOverAfter: now + PAUSE });
    if (state.ending) beginRelease(turn, 'shutdown', 'the service was asked to end, and the twin did not prepare');
  }
}

function advanceGranted(turn: Turn, handOver: HandOver): void {
  const { state, now } = turn;
  const { beat } = state.peer;
  const twin = peerOf(state.config.self);
  if (beat !== undefined && peerHeard(state, now) && beat.role === 'active' && beat.term >= handOver.term) {
    answer(turn, handOver, true, `${twin} owns the floats under term ${beat.term}`);
    patch(turn, { handOver: undefined });
    preferredDone(turn);
  } else if (now >= handOver.until) {
    answer(
      turn,
      handOver,
      false,
      `${twin} was given the floats and did not take them within ${state.config.handOverTimeout} ms`,
    );
    // The term given away is gone for good: what is taken back is taken under a higher one.
    patch(turn, { handOver: undefined, term: Math.max(state.term, handOver.term) });
  }
}

function answer(turn: Turn, handOver: HandOver, ok: boolean, text: string): void {
  if (handOver.request !== undefined) emit(turn, { type: 'answer', request: handOver.request, ok, text });
}

/**
 * The owner's word that both floats are gone from its kernel. Taken only from a beat that echoes one of ours no older
 * than the deadline: a word that waited in a buffer while this node stood still may long have been taken back.
 */
export function heedGrant(turn: Turn, beat: Beat): void {
  const { state, now } = turn;
  if (state.role !== 'standby' || beat.granted === 0 || beat.granted !== usablePromise(state)) return;
  if (now - echoedAt(state, beat) > state.config.deadline || !fit(state, now)) return;
  beginTake(turn, {
    phase: 'install',
    cause: 'hand-over',
    evidence: `${beat.from} let both floats go and granted term ${beat.granted}`,
    steps: { granted: 0 },
    from: now,
    causeAt: now,
  });
}
