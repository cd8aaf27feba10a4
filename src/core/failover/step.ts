import type { Beat } from '../../codec/beat.ts';
import { type LinkId, peerOf } from '../../model/pair.ts';
import { updateAlarms } from './alarms.ts';
import { sendBeats } from './beats.ts';
import { settleConflict, settleUnproved } from './conflict.ts';
import { advanceHandOver, heedGrant, requestHandOver, shutDown } from './handOver.ts';
import { setHold } from './hold.ts';
import { resolved, startAsking } from './neighbours.ts';
import { announceAgain, claimSeen, floatsSeen, installed, installFailed, stalled, tend } from './owner.ts';
import { keepPromise, persisted } from './promise.ts';
import { askDropAgain, dropped } from './release.ts';
import { judge } from './replay.ts';
import { STALL } from './stalls.ts';
import { type FailoverState, freshCounts } from './state.ts';
import { awaitConsent, pursue } from './takeover.ts';
import { patch, type Turn } from './turn.ts';
import type { BeatCounts, FailoverConfig, FailoverEvent, Stepped } from './types.ts';
import { wakeAt } from './wake.ts';

/**
 * The failover core: what one event means at one time (`now`, monotonic ms, never less than before). Pure. The effects
 * are to be run in their order, and their answers come back as events.
 */
export function step(state: FailoverState, event: FailoverEvent, now: number): Stepped<FailoverState> {
  const turn: Turn = { state, now, effects: [] };
  if (now - wakeAt(state) > state.config.deadline * STALL) stalled(turn);
  if (now !== state.at) patch(turn, { at: now });
  handle(turn, event);
  advanceHandOver(turn);
  awaitConsent(turn);
  tend(turn);
  askDropAgain(turn);
  keepPromise(turn);
  pursue(turn);
  updateAlarms(turn);
  sendBeats(turn);
  return { state: turn.state, effects: turn.effects };
}

function handle(turn: Turn, event: FailoverEvent): void {
  switch (event.type) {
    case 'tick':
      return;
    case 'beat':
      beatArrived(turn, event.link, event.beat);
      break;
    case 'nic':
      patch(turn, { nics: { ...turn.state.nics, [event.side]: event.up } });
      break;
    case 'claim':
      claimSeen(turn, event.side);
      break;
    case 'rival':
      patch(turn, { rivalAt: turn.now });
      break;
    case 'resolved':
      resolved(turn, event.side, event.address);
      break;
    case 'floats':
      floatsSeen(turn, event.held);
      break;
    case 'persisted':
      persisted(turn, event.term);
      break;
    case 'installed':
      installed(turn, event.term);
      break;
    case 'install-failed':
      installFailed(turn, event.term, event.reason);
      break;
    case 'dropped':
      dropped(turn);
      break;
    case 'controller':
      controllerSaid(turn, event.ready, event.against);
      break;
    case 'hand-over':
      requestHandOver(turn, event.request, event.by, event.cause ?? 'hand-over');
      break;
    case 'hold':
      setHold(turn, event.request, event.hold);
      break;
    case 'reconfigured':
      reconfigured(turn, event.config);
      break;
    case 'shutdown':
      shutDown(turn);
      break;
  }
}

function beatArrived(turn: Turn, link: LinkId, beat: Beat): void {
  const stranger = strangerBy(turn.state, link, beat);
  if (stranger !== undefined) {
    count(turn, link, stranger);
    return;
  }
  const before = turn.state.peer.beat;
  const { verdict, peer } = judge(turn.state, link, beat, turn.now);
  count(turn, link, verdict === 'refused' ? 'replayed' : 'accepted');
  if (verdict === 'refused') return;
  patch(turn, { peer });
  if (verdict === 'candidate') settleUnproved(turn, beat);
  if (verdict === 'news') heedNews(turn, beat, before);
}

/** Why the beat is not the twin's; undefined when it is. */
function strangerBy({ config }: FailoverState, link: LinkId, beat: Beat): keyof BeatCounts | undefined {
  if (beat.pair !== config.pair) return 'foreign';
  if (beat.from !== peerOf(config.self)) return 'reflected';
  return config.links.includes(link) ? undefined : 'unasked';
}

function count(turn: Turn, link: LinkId, what: keyof BeatCounts): void {
  const { counts } = turn.state;
  patch(turn, { counts: { ...counts, [link]: { ...counts[link], [what]: counts[link][what] + 1 } } });
}

/** The newest word of the twin. */
function heedNews(turn: Turn, beat: Beat, before: Beat | undefined): void {
  heedGrant(turn, beat);
  if (beat.term > turn.state.term) patch(turn, { term: beat.term });
  if (beat.role === 'active' && !turn.state.ownerSeen) patch(turn, { ownerSeen: true });
  // Its consent is waited for.
  if (beat.role === 'taking' && before?.role !== 'taking') patch(turn, { nextBeatAt: turn.now });
  // A second owner has let go: what it announced must not stand.
  const letGo = before?.boot === beat.boot && before.role === 'active' && beat.role !== 'active';
  if (letGo) announceAgain(turn);
  settleConflict(turn);
}

/** The floats may be others now, and so may those who have to find them. */
function reconfigured(turn: Turn, config: FailoverConfig): void {
  patch(turn, { config, counts: freshCounts });
  const { state, now } = turn;
  if (state.own === undefined) return;
  patch(turn, { own: { ...state.own, asking: startAsking(state, now, now) } });
  announceAgain(turn);
}

function controllerSaid(turn: Turn, ready: boolean | undefined, said: string | null | undefined): void {
  const { state, now } = turn;
  const unreadySince = ready !== false || state.ready ? now : state.unreadySince;
  // Unlike its word for the kernel, which outlives it, its word for the twin ends with it.
  const against = ready === undefined ? undefined : said;
  patch(turn, { controllerHeard: ready !== undefined, ready: ready ?? state.ready, unreadySince, against });
}
