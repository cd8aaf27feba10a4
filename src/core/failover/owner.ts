import { SIDES, type Side } from '../../model/pair.ts';
import { settleConflict } from './conflict.ts';
import { noteWrongMove } from './damping.ts';
import { answered, probed, startHunt, unanswered } from './hunt.ts';
import { askNeighbours, startAsking } from './neighbours.ts';
import { shortestGap } from './pace.ts';
import { beginRelease } from './release.ts';
import { peerFresh, peerSilent } from './silence.ts';
import { noteStall } from './stalls.ts';
import { type FailoverState, type Hunt, NEVER, type Ownership } from './state.ts';
import { emit, patch, type Turn } from './turn.ts';

/** Gratuitous ARP after the floats went up: at 0, 20, 100, 500 ms, 1 s and 2 s, then slowly for ever. */
const ANNOUNCE_GAPS = [20, 80, 400, 500, 1000];
const ANNOUNCE_REFRESH = 60_000;

/** Between probes for a second owner while the twin cannot be heard, ms. */
const GUARD = 1000;

/** How long the answers to such a probe are on their way at most, ms. */
const GUARD_ANSWERS = 100;

/** Between announcements that answer a claim, ms. */
const CONTEST_PACE = 100;

/** Claims on all sides within this time come from one and the same second owner, ms. */
const CONTEST_SPAN = 1500;

/** Deadlines a contest has to last before an owner that no beat reaches gives way. */
const CONTEST_GRACE = 3;

/** The kernel has both floats. */
export function installed(turn: Turn, term: number): void {
  const { state, now } = turn;
  if (state.role === 'active' && state.own?.term === term) {
    patch(turn, { own: { ...state.own, announced: 0, announceAt: now } });
    return;
  }
  const { take, config } = state;
  if (take === undefined || take.term !== term || take.phase !== 'install') {
    if (state.role === 'standby') emit(turn, { type: 'drop' });
    return;
  }
  // An answer this late may come from before a stall in which somebody else took the floats.
  const doubt = now - take.since > config.deadline ? startHunt(config, now) : undefined;
  patch(turn, {
    role: 'active',
    ownerSeen: true,
    take: undefined,
    // What the owner before us announced is no claim against us.
    claimedAt: { public: NEVER, private: NEVER },
    own: {
      term,
      over: take.over,
      since: now,
      renewAt: now + config.renewInterval,
      announceAt: now,
      announced: 0,
      announcedAt: NEVER,
      guardAt: now + GUARD,
      guardedAt: now,
      doubt,
      asking: startAsking(state, take.causeAt, now),
    },
  });
  emit(turn, {
    type: 'record',
    transition: {
      from: 'standby',
      to: 'active',
      term,
      cause: take.cause,
      evidence: take.evidence,
      steps: { ...take.steps, installed: now - take.from },
    },
  });
  settleConflict(turn);
}

export function installFailed(turn: Turn, term: number, reason: string): void {
  const { state, now } = turn;
  if (state.own?.term !== term && state.take?.term !== term) return;
  patch(turn, { holdUntil: now + state.config.alarmAfter });
  beginRelease(turn, 'install-failed', `the kernel refused the floats: ${reason}`);
}

/** An owner has asked for a second one, or does not know yet whether there is one: what answers is heard before anything is judged. */
export const asksForRival = ({ own }: FailoverState, now: number): boolean =>
  own !== undefined && (own.doubt !== undefined || now - own.guardedAt < GUARD_ANSWERS);

/** Renewal, announcements and watchfulness, while owning. */
export function tend(turn: Turn): void {
  if (turn.state.own?.doubt !== undefined) resolveDoubt(turn, turn.state.own, turn.state.own.doubt);
  const { own } = turn.state;
  if (own === undefined || own.doubt !== undefined) return;
  if (!turn.state.nics.public && !turn.state.nics.private && peerSilent(turn.state, turn.now)) {
    // The twin can prove that nobody answers for these floats: it may own them already.
    beginRelease(turn, 'nic-down', 'both NICs are down and the twin is silent: nobody can reach the floats here');
  } else {
    keepUp(turn, own);
    askNeighbours(turn);
  }
}

function keepUp(turn: Turn, own: Ownership): void {
  const { state, now } = turn;
  let next = own;
  if (now >= next.renewAt) {
    emit(turn, { type: 'renew' });
    next = { ...next, renewAt: now + state.config.renewInterval };
  }
  if (now >= next.announceAt) {
    emit(turn, { type: 'announce' });
    const gap = Math.max(ANNOUNCE_GAPS[next.announced] ?? ANNOUNCE_REFRESH, leastGap(state, now));
    next = { ...next, announced: next.announced + 1, announcedAt: now, announceAt: now + gap };
  }
  if (now >= next.guardAt) {
    if (peerSilent(state, now)) emit(turn, { type: 'probe' });
    next = { ...next, guardAt: now + GUARD, guardedAt: now };
  }
  if (next !== own) patch(turn, { own: next });
}

/** Two owners that answer each other must not do so faster than neighbours care to follow. */
function leastGap({ config, claimedAt }: FailoverState, now: number): number {
  const contested = now - Math.max(claimedAt.public, claimedAt.private) < CONTEST_SPAN;
  return Math.max(contested ? CONTEST_PACE : 0, shortestGap(config.floats ?? 2));
}

/**
 * After a stall, until the twin says that it holds nothing in a beat that echoes one of ours sent since, or nobody
 * answers for the floats. A claim meanwhile ends the ownership.
 */
function resolveDoubt(turn: Turn, own: Ownership, doubt: Hunt): void {
  const { state, now } = turn;
  const word = peerFresh(state, now) && state.peer.echoAt >= doubt.since;
  if (word || unanswered(doubt, state.config, now)) {
    const asking = startAsking(state, doubt.since, now);
    patch(turn, { own: { ...own, doubt: undefined, renewAt: now, announceAt: now, announced: 0, asking } });
  } else if (now >= doubt.nextAt) {
    patch(turn, { own: { ...own, doubt: probed(doubt, state.config, now) } });
    emit(turn, { type: 'probe' });
  }
}

/** This node stood still for longer than a beat may be late; somebody may have acted on its silence. */
export function stalled(turn: Turn): void {
  const { state, now } = turn;
  noteStall(turn);
  patch(turn, { windowStart: now, hunt: undefined, ownerlessSince: undefined });
  if (state.own !== undefined) patch(turn, { own: { ...state.own, doubt: startHunt(state.config, now) } });
}

/** What the kernel holds. One float without the other is repaired or both are let go. */
export function floatsSeen(turn: Turn, held: Readonly<Record<Side, boolean>>): void {
  const { state, now } = turn;
  if (state.role === 'standby' && (held.public || held.private)) emit(turn, { type: 'drop' });
  if (state.own === undefined || (held.public && held.private)) return;
  const lost = held.public ? 'the private float is' : held.private ? 'the public float is' : 'both floats are';
  if (state.own.doubt !== undefined) {
    beginRelease(turn, 'stalled', `${lost} gone from the kernel after this node stood still`);
  } else if (peerFresh(state, now)) {
    // The twin hears an active owner all the while, so it cannot have taken them.
    emit(turn, { type: 'install', term: state.own.term });
  } else {
    beginRelease(
      turn,
      'floats-lost',
      `${lost} gone from the kernel and the twin, which cannot be asked, may have them`,
    );
  }
}

/** Somebody else answered for a float. */
export function claimSeen(turn: Turn, side: Side): void {
  const { now } = turn;
  const last = Math.max(turn.state.claimedAt.public, turn.state.claimedAt.private);
  patch(turn, {
    claimedAt: { ...turn.state.claimedAt, [side]: now },
    contestedSince: now - last > CONTEST_SPAN ? now : turn.state.contestedSince,
  });
  const { state } = turn;
  if (state.hunt !== undefined) patch(turn, { hunt: answered(state.hunt, state.config, now) });
  if (state.own === undefined) return;

  if (state.own.doubt !== undefined && !peerFresh(state, now)) {
    beginRelease(turn, 'stalled', 'somebody else answers for a float after this node stood still');
  } else if (!peerFresh(state, now) && yields(state, now)) {
    noteWrongMove(turn);
    beginRelease(turn, 'tie-break', 'somebody else answers for the floats and the twin cannot be asked');
  } else {
    announceAgain(turn, CONTEST_PACE);
  }
}

/** From the first announcement on, as after a take, because neighbours may have been led astray; `pace` ms after the last. */
export function announceAgain(turn: Turn, pace = 0): void {
  const { own } = turn.state;
  if (own === undefined) return;
  const announceAt = Math.min(own.announceAt, Math.max(turn.now, own.announcedAt + pace));
  patch(turn, { own: { ...own, announceAt, announced: 0 } });
}

/**
 * A second owner that no beat of ours reaches, heard or not, shows itself only by its claims: on every side that this node can
 * reach, and for longer than a thawed one would need to hear us and let go. What it does not hear it cannot heed, whatever the
 * terms are. The unfit one of two goes, and `b` when both are fit. A
 * foreign machine with one of the addresses does not claim both.
 */
function yields(state: FailoverState, now: number): boolean {
  const reached = SIDES.filter((side) => state.nics[side]);
  const contested = reached.length > 0 && reached.every((side) => now - state.claimedAt[side] < CONTEST_SPAN);
  const lasting = now - state.contestedSince >= CONTEST_GRACE * state.config.deadline;
  return contested && lasting && (reached.length < SIDES.length || state.config.self === 'b');
}
