import type { Beat } from '../../codec/beat.ts';
import type { LinkId } from '../../model/pair.ts';
import { type FailoverState, type Peer, silentLink, silentLinks } from './state.ts';

/**
 * Which authentic beats are news. Never by wall clock:
 * - within a boot the sequence must grow on each link, and may not lag the newest of all links by more than `LAG`, so
 *   that a recording of one link cannot be played on another that was cut meanwhile;
 * - a boot left behind never comes back;
 * - an unknown boot counts for nothing until it echoes a beat that this boot of ours sent within the deadline, which no
 *   recording can. Until then it is only echoed, so that it can do the same. A twin that cannot hear us from its start
 *   is therefore silent to us: the floats' answers to our probes protect it.
 */

/** Beats by which one link may be behind another: most of a second of them. */
const LAG = 64;

/** Past boots kept. A recording of an older one still cannot echo. */
const MAX_PAST = 16;

/** Beats of our own kept for recognising their echo. */
const MAX_SENT = 64;

export type Verdict =
  /** The newest word of a twin that is alive. */
  | 'news'
  /** Authentic, but a newer one came by another link: shows that this link works, no more. */
  | 'late'
  /** A process that has not proved to be alive. */
  | 'candidate'
  | 'refused';

export interface Judged {
  readonly verdict: Verdict;
  readonly peer: Peer;
}

const unheard: Beat['heard'] = { serial: 0, heartbeat: 0, public: 0, private: 0 };

export function judge(state: FailoverState, link: LinkId, beat: Beat, now: number): Judged {
  const { peer } = state;
  if (peer.past.includes(beat.boot)) return { verdict: 'refused', peer };
  if (peer.boot === beat.boot) return judgeKnown(state, link, beat, now);

  if (now - echoedAt(state, beat) <= state.config.deadline) {
    const past = peer.boot === '' ? peer.past : [peer.boot, ...peer.past].slice(0, MAX_PAST);
    const adopted: Peer = { ...peer, boot: beat.boot, past, links: silentLinks, candidate: undefined };
    return judgeKnown({ ...state, peer: adopted }, link, beat, now);
  }
  const known = peer.candidate?.boot === beat.boot ? peer.candidate.heard : unheard;
  const heard = { ...known, [link]: Math.max(known[link], beat.sequence) };
  return { verdict: 'candidate', peer: { ...peer, candidate: { boot: beat.boot, at: now, heard } } };
}

function judgeKnown(state: FailoverState, link: LinkId, beat: Beat, now: number): Judged {
  const { peer } = state;
  const newest = peer.beat?.boot === beat.boot ? peer.beat.sequence : 0;
  const watch = peer.links[link] ?? silentLink;
  if (beat.sequence <= watch.sequence || beat.sequence + LAG <= newest) return { verdict: 'refused', peer };

  const isNews = beat.sequence > newest;
  const hearsUs = beat.hearing === state.config.boot;
  const links = { ...peer.links, [link]: { ...watch, sequence: beat.sequence, at: now } };
  if (isNews && hearsUs) {
    for (const each of state.config.links) {
      if (beat.heard[each] !== 0) links[each] = { ...links[each], echoedAt: now };
    }
  }
  const echoAt = Math.max(peer.boot === peer.beat?.boot ? peer.echoAt : -Infinity, echoedAt(state, beat));
  return {
    verdict: isNews ? 'news' : 'late',
    peer: { ...peer, links, echoAt, beat: isNews ? beat : peer.beat },
  };
}

/** When we sent the newest of our beats that this one echoes; `-Infinity` when none of those kept. */
export function echoedAt(state: FailoverState, beat: Beat): number {
  if (beat.hearing !== state.config.boot) return -Infinity;
  for (let i = state.sent.length - 1; i >= 0; i -= 1) {
    const sent = state.sent[i]!;
    const word = sent.sequence % 2 ** 32;
    for (const link of state.config.links) {
      if (beat.heard[link] === word && word !== 0) return sent.at;
    }
  }
  return -Infinity;
}

/** Our latest beats, with one more. */
export function remember(sent: FailoverState['sent'], sequence: number, at: number): FailoverState['sent'] {
  const kept = sent.length >= MAX_SENT ? sent.slice(1 - MAX_SENT) : sent;
  return [...kept, { sequence, at }];
}
