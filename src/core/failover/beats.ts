import { type Beat, HELD } from '../../codec/beat.ts';
import { FIRST_VERSION, HIGHEST_VERSION } from '../../codec/beatFrame.ts';
import type { LinkId } from '../../model/pair.ts';
import { readyToServe } from './fitness.ts';
import { usablePromise } from './promise.ts';
import { remember } from './replay.ts';
import { peerAnswers, peerHeard } from './silence.ts';
import type { FailoverState } from './state.ts';
import { emit, patch, type Turn } from './turn.ts';

/** The beat after news comes closer, because the news may be lost; at this share of an interval the line still has room. */
const AFTER_NEWS = 0.6;

/** Sends a beat when one is due, or at once when it has something important to say. */
export function sendBeats(turn: Turn): void {
  const { state, now } = turn;
  if (followedAtOnce(turn)) {
    patch(turn, { nextBeatAt: Math.max(state.nextBeatAt, now + state.config.interval / 2) });
    return;
  }
  const beat = composeBeat(state, now);
  const news = state.lastBeat === undefined || isNews(state.lastBeat, beat);
  if (!news && now < state.nextBeatAt) return;
  const { interval } = state.config;
  patch(turn, {
    sequence: beat.sequence,
    sent: remember(state.sent, beat.sequence, now),
    lastBeat: beat,
    nextBeatAt: news ? now + AFTER_NEWS * interval : Math.max(now + interval / 2, state.nextBeatAt + interval),
  });
  emit(turn, { type: 'beat', beat });
}

export function composeBeat(state: FailoverState, now: number): Beat {
  const { config } = state;
  return {
    version: sharedVersion(state, now),
    speaks: config.speaks ?? HIGHEST_VERSION,
    pair: config.pair,
    from: config.self,
    boot: config.boot,
    sequence: state.sequence + 1,
    term: state.own?.term ?? state.take?.term ?? state.release?.term ?? state.term,
    role: state.role,
    publicUp: state.nics.public,
    privateUp: state.nics.private,
    ready: state.hold === undefined && readyToServe(state, now),
    handingOver: state.handOver?.phase === 'asking',
    prepared: preparedTerm(state, now),
    granted: state.handOver?.phase === 'granted' ? state.handOver.term : 0,
    revision: config.revision,
    ...echo(state, now),
  };
}

/**
 * The highest version that both speak, and the first to a twin that is silent: it may have been started with an older
 * release, and one that cannot read us would never get the echo that proves it. What a process says that has not proved to
 * be alive counts for nothing here either: it may be a recording of a newer release.
 */
function sharedVersion(state: FailoverState, now: number): number {
  const { beat, boot } = state.peer;
  if (beat === undefined || beat.boot !== boot || !peerHeard(state, now)) return FIRST_VERSION;
  return Math.min(state.config.speaks ?? HIGHEST_VERSION, beat.speaks);
}

/** The twin's answer to an owner that hands over: ready, and under which term; or that an operator holds it. */
function preparedTerm(state: FailoverState, now: number): number {
  if (state.hold !== undefined) return HELD;
  const { beat } = state.peer;
  if (state.role !== 'standby' || beat?.role !== 'active' || !beat.handingOver || !peerAnswers(state, now)) return 0;
  return usablePromise(state) ?? 0;
}

function echo(state: FailoverState, now: number): Pick<Beat, 'hearing' | 'heard'> {
  const { peer, config } = state;
  const word = (sequence: number): number => sequence % 2 ** 32;
  const heard: Record<LinkId, number> = { serial: 0, heartbeat: 0, public: 0, private: 0 };
  if (peerHeard(state, now)) {
    for (const link of config.links) {
      const watch = peer.links[link];
      if (now - watch.at < config.deadline) heard[link] = word(watch.sequence);
    }
    return { hearing: peer.boot, heard };
  }
  if (peer.candidate !== undefined && now - peer.candidate.at < config.deadline) {
    for (const link of config.links) heard[link] = word(peer.candidate.heard[link]);
    return { hearing: peer.candidate.boot, heard };
  }
  return { hearing: '', heard };
}

/**
 * This step asks the kernel to change the floats. The word that they are gone, or up, follows at once; it must not find the
 * line busy, and the gratuitous ARP that comes with it must not wait for a beat that nobody needs.
 */
const followedAtOnce = (turn: Turn): boolean =>
  turn.effects.some((effect) => effect.type === 'install' || effect.type === 'drop');

/** The twin has to act on it, so it cannot wait for its turn. */
function isNews(last: Beat, next: Beat): boolean {
  return (
    last.role !== next.role ||
    last.publicUp !== next.publicUp ||
    last.privateUp !== next.privateUp ||
    last.ready !== next.ready ||
    (!last.handingOver && next.handingOver) ||
    last.prepared !== next.prepared ||
    last.granted !== next.granted ||
    last.boot !== next.boot
  );
}
