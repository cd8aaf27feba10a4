import type { Cause } from '../../model/pair.ts';
import { peerOf } from '../../model/pair.ts';
import { damping, wrongMoves } from './damping.ts';
import { fit, fitPeer, unfitness } from './fitness.ts';
import { probed, startHunt, unanswered, unansweredAt } from './hunt.ts';
import { usablePromise } from './promise.ts';
import { lastHeardAt, peerAnswers, peerFresh, peerHeard, silentAt, suspectedAt } from './silence.ts';
import type { FailoverState, Hunt, Take } from './state.ts';
import { NEVER } from './state.ts';
import { emit, patch, type Turn } from './turn.ts';

/**
 * How a standby comes to own the floats without being handed them. Always both floats unanswered, and one of:
 * `silent`: the twin past its deadline on every link;
 * `deaf`: the twin heard as an unfit standby that does not hear us, so its consent cannot be had;
 * `ownerless`: both standby and hearing each other; then the twin must also consent. A consent that comes later than the
 * deadline, over a line that delays what it carries, counts when the floats have been asked for anew and are silent still.
 */
type Ground = 'silent' | 'deaf' | 'ownerless';

/** Probes while there is a reason to, and takes when the proof is complete. */
export function pursue(turn: Turn): void {
  noteOwnerless(turn);
  if (turn.state.take !== undefined) return;
  const { config } = turn.state;
  const found = ground(turn.state, turn.now);
  if (found === undefined) {
    if (turn.state.hunt !== undefined) patch(turn, { hunt: undefined });
    return;
  }
  const hunt = huntOn(turn, turn.state.hunt ?? startHunt(config, turn.now));
  if (proven(turn.state, found, hunt, turn.now)) take(turn, found, hunt);
}

/** The hunt with what is due of it now. */
function huntOn(turn: Turn, so: Hunt): Hunt {
  const due = turn.now >= so.nextAt;
  const hunt = due ? probed(so, turn.state.config, turn.now) : so;
  if (due) emit(turn, { type: 'probe' });
  if (hunt !== turn.state.hunt) patch(turn, { hunt });
  return hunt;
}

function ground(state: FailoverState, now: number): Ground | undefined {
  const { beat, echoAt } = state.peer;
  if (state.role !== 'standby' || state.handOver !== undefined || !fit(state, now)) return undefined;
  if (now >= suspectedAt(state)) return 'silent';
  if (beat === undefined || !peerHeard(state, now) || !holdsNothing(state)) return undefined;
  if (!fitPeer(beat) && now - echoAt > 2 * state.config.deadline) return 'deaf';
  return state.ownerlessSince !== undefined && myTurn(state, now) ? 'ownerless' : undefined;
}

const holdsNothing = (state: FailoverState): boolean =>
  state.peer.beat?.role === 'standby' || state.peer.beat?.role === 'idle';

/** Of two standbys the fit one takes; `a` when both are, and `b` when `a` has had its chance. */
function myTurn(state: FailoverState, now: number): boolean {
  const { config, peer, ownerlessSince } = state;
  const waited = now - (ownerlessSince ?? now);
  const first = config.self === 'a' || (peer.beat !== undefined && !fitPeer(peer.beat));
  return waited >= (first ? config.settle : config.alarmAfter);
}

function noteOwnerless(turn: Turn): void {
  const { state, now } = turn;
  const ownerless = state.role === 'standby' && peerAnswers(state, now) && holdsNothing(state);
  if (ownerless === (state.ownerlessSince !== undefined)) return;
  patch(turn, { ownerlessSince: ownerless ? now : undefined });
}

function proven(state: FailoverState, found: Ground, hunt: Hunt, now: number): boolean {
  const { config } = state;
  if (!unanswered(hunt, config, now) || usablePromise(state) === undefined) return false;
  if (found === 'silent' && now < silentAt(state) + damping(state, now)) return false;
  // For a while from when the floats fell silent.
  return !rivalGoesFirst(state, now) || now - hunt.firstAt > config.startupListen + config.alarmAfter;
}

/** Two nodes deaf to each other and probing at once: RFC 5227 calls that a conflict. `b` lets `a` go first. */
const rivalGoesFirst = ({ config, rivalAt }: FailoverState, now: number): boolean =>
  config.self === 'b' && now - rivalAt < config.probeSilence;

function take(turn: Turn, found: Ground, hunt: Hunt): void {
  const { state, now } = turn;
  const steps: Record<string, number> = { suspected: 0 };
  if (found === 'silent') steps.silent = Math.max(0, silentAt(state) - hunt.since);
  steps.unanswered = unansweredAt(hunt, state.config) - hunt.since;
  steps.proven = now - hunt.since;
  beginTake(turn, {
    phase: found === 'ownerless' ? 'consent' : 'install',
    cause: causeOf(state, found),
    evidence: `${evidenceOf(state, found, now)}; neither float answered ${hunt.unanswered} probes over ${Math.round(now - hunt.firstAt)} ms`,
    steps,
    from: hunt.since,
    causeAt: found === 'silent' && state.peer.boot !== '' ? lastHeardAt(state) : hunt.since,
    over: found === 'silent' && state.peer.beat?.role === 'active' ? state.peer.boot : undefined,
  });
}

function causeOf(state: FailoverState, found: Ground): Cause {
  if (found === 'silent') return state.peer.boot === '' ? 'first-start' : 'peer-silent';
  if (state.peer.beat !== undefined && !fitPeer(state.peer.beat)) return 'peer-unfit';
  return state.ownerSeen ? 'no-owner' : 'first-start';
}

function evidenceOf(state: FailoverState, found: Ground, now: number): string {
  const twin = peerOf(state.config.self);
  const { beat } = state.peer;
  if (found === 'silent') {
    const last = lastHeardAt(state);
    if (last === NEVER) return `${twin} has not been heard for ${Math.round(now - state.startedAt)} ms since the start`;
    const wrong = wrongMoves(state, now);
    const slowed = damping(state, now) === 0 ? '' : `, waited for because ${wrong} moves within 10 s were wrong`;
    return `${twin} silent for ${Math.round(now - last)} ms on ${state.config.links.join(', ')}${slowed}`;
  }
  const unfit = beat === undefined || fitPeer(beat) ? '' : ` and not fit (${unfitness(beat)})`;
  return found === 'deaf'
    ? `${twin} is standby${unfit} and does not hear us`
    : `${twin} is standby${unfit} and consents`;
}

/** Under the promise in store, which the caller has made sure of. */
export function beginTake(turn: Turn, how: Omit<Take, 'term' | 'since' | 'sequence'>): void {
  const { state, now } = turn;
  const term = usablePromise(state);
  if (term === undefined) return;
  patch(turn, {
    role: 'taking',
    hunt: undefined,
    ownerlessSince: undefined,
    take: { ...how, term, since: now, sequence: state.sequence + 1 },
  });
  if (how.phase === 'install') install(turn);
}

function install(turn: Turn): void {
  const { take: mine } = turn.state;
  if (mine === undefined) return;
  patch(turn, {
    hunt: undefined,
    take: { ...mine, phase: 'install', since: turn.now },
    term: Math.max(turn.state.term, mine.term),
  });
  emit(turn, { type: 'install', term: mine.term });
}

/** The twin has heard that this node is taking, and stays standby: its word that it will not take at the same time. */
export function awaitConsent(turn: Turn): void {
  const { state, now } = turn;
  const { take: mine, config } = state;
  if (mine === undefined || mine.phase !== 'consent') return;
  if (!fit(state, now) || !peerHeard(state, now) || now - mine.since > config.handOverTimeout) {
    withdraw(turn);
  } else if (now - mine.since <= config.deadline ? peerFresh(state, now) : provenAnew(turn)) {
    if (!consents(turn.state, mine)) return;
    patch(turn, { take: { ...mine, steps: { ...mine.steps, consented: now - mine.from } } });
    install(turn);
  }
}

/** The twin's newest word is that of a standby which has heard this node say that it is taking. */
function consents(state: FailoverState, mine: Take): boolean {
  const { peer, config } = state;
  const echoed = Math.max(...config.links.map((link) => sequenceOf(state, peer.beat?.heard[link] ?? 0)));
  return holdsNothing(state) && peer.beat?.hearing === config.boot && echoed >= mine.sequence;
}

/**
 * The proof from before the take is old by now, and so may the consent be: in the time that it took to come here the twin
 * can have missed our beats and begun a takeover of its own. Probes see that as they do between two nodes deaf to each other.
 */
function provenAnew(turn: Turn): boolean {
  const { state, now } = turn;
  const hunt = huntOn(turn, state.hunt ?? startHunt(state.config, now));
  return peerAnswers(state, now) && unanswered(hunt, state.config, now) && !rivalGoesFirst(state, now);
}

/** The whole sequence behind an echoed one, which has only its lower 32 bits; 0 when it is not among our latest. */
function sequenceOf(state: FailoverState, word: number): number {
  if (word === 0) return 0;
  return state.sent.findLast((sent) => sent.sequence % 2 ** 32 === word)?.sequence ?? 0;
}

/** Back to standby from a take that has touched nothing yet. */
export function withdraw(turn: Turn): void {
  patch(turn, { role: 'standby', take: undefined, hunt: undefined, ownerlessSince: undefined });
}
