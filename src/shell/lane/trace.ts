import type { Beat } from '../../codec/beat.ts';
import type { FailoverState } from '../../core/failover/index.ts';
import type { FailoverConfig, FailoverEffect, FailoverEvent } from '../../core/failover/types.ts';
import type { LinkId } from '../../model/pair.ts';
import { MAX_BEATS, type Mark, type MarkKind, type TimelineRecord } from '../../model/timeline.ts';
import { createBeatTimes } from './beatTimes.ts';
import { createMarks } from './marks.ts';
import { sharing } from './sharing.ts';

/** Timers later than this are worth a mark, in intervals; the peaks of a second are one. */
const LATE = 0.5;
const LATE_TOGETHER = 1000;

/** Gaps of one link within this time are one mark, ms; so are claims and rivals of one float, probes. */
const GAPS_TOGETHER = 1000;
const ARP_TOGETHER = 200;

/**
 * What happened in the lane's last minute, as numbers in rings: a beat that brings nothing new costs some comparisons and
 * nothing is allocated for it.
 */
export interface Trace {
  /** A step of the core at `now`, monotonic ms. */
  stepped(before: FailoverState, event: FailoverEvent, after: FailoverState, now: number): void;
  /** An effect of it, begun at `now`; `announced` is told when that has gone out. */
  effect(effect: FailoverEffect, now: number): void;
  announced(now: number): void;
  /** The lane's timer fired `ms` late. */
  late(ms: number, interval: number, now: number): void;
  /** Since `from`, oldest first. */
  marks(from: number): Mark[];
  beats(from: number): TimelineRecord['beats'];
}

export function createTrace(): Trace {
  const marks = createMarks();
  const sent = createBeatTimes();
  const heard = createBeatTimes();
  let lastSent: Beat | undefined;

  function stepped(before: FailoverState, event: FailoverEvent, after: FailoverState, now: number): void {
    if (event.type === 'beat') beatHeard(before, event.link, after, now);
    else if (event.type !== 'tick') happened(before, event, after, now);
    if (after.windowStart !== before.windowStart) marks.put(now, 'stalled', '', now - before.at);
    if (after.hunt !== undefined && before.hunt === undefined) marks.put(now, 'suspected', '', 0);
    if (after.handOver !== undefined && after.handOver.phase !== before.handOver?.phase) {
      marks.put(now, 'hand-over', after.handOver.phase, after.handOver.term);
    }
    if (after.role !== before.role) {
      marks.put(now, 'role', after.role, after.own?.term ?? after.take?.term ?? after.release?.term ?? after.term);
    }
  }

  function beatHeard(before: FailoverState, link: LinkId, after: FailoverState, now: number): void {
    const fresh = after.peer.boot !== before.peer.boot;
    if (fresh) {
      heard.clear();
      marks.put(now, 'twin-boot', '', 0);
    }
    const { sequence } = after.peer.links[link];
    const was = before.peer.links[link];
    if (fresh || sequence !== was.sequence) {
      const silence = now - was.at;
      if (fresh || was.sequence === 0) marks.put(now, 'heard', link, 0);
      else if (silence >= after.config.deadline) marks.put(now, 'heard', link, silence);
      else if (silence > 2 * spacing(after.config, link)) marks.put(now, 'gap', link, silence, GAPS_TOGETHER);
    }
    const { beat } = after.peer;
    const previous = fresh ? undefined : before.peer.beat;
    if (beat === undefined || beat === before.peer.beat) return;
    heard.note(previous, beat, now);
    if (beat.role !== previous?.role) marks.put(now, 'twin', beat.role, beat.term);
  }

  function happened(before: FailoverState, event: FailoverEvent, after: FailoverState, now: number): void {
    switch (event.type) {
      case 'nic':
        if (after.nics[event.side] !== before.nics[event.side]) {
          marks.put(now, event.up ? 'nic-up' : 'nic-down', event.side, 0);
        }
        break;
      case 'claim':
      case 'rival':
        marks.put(now, event.type, event.side, macNumber(event.mac), ARP_TOGETHER);
        break;
      case 'persisted':
      case 'installed':
      case 'install-failed':
        marks.put(now, event.type, '', event.term);
        break;
      case 'dropped':
      case 'shutdown':
        marks.put(now, event.type, '', 0);
        break;
      case 'controller':
        if (after.controllerHeard !== before.controllerHeard || after.ready !== before.ready) {
          marks.put(now, wordOf(event.ready), '', 0);
        }
        break;
      case 'reconfigured':
        marks.put(now, 'document', '', 0);
        break;
    }
  }

  return {
    stepped,
    effect(effect, now) {
      if (effect.type === 'beat') {
        const { beat } = effect;
        if (beat.prepared !== 0 && beat.prepared !== lastSent?.prepared) marks.put(now, 'prepared', '', beat.prepared);
        sent.note(lastSent, beat, now);
        lastSent = beat;
      } else if (effect.type === 'probe') marks.put(now, 'probe', '', 0, ARP_TOGETHER);
      else if (effect.type === 'persist' || effect.type === 'install') marks.put(now, effect.type, '', effect.term);
      else if (effect.type === 'drop') marks.put(now, 'drop', '', 0);
    },
    announced: (now) => marks.put(now, 'announced', '', 0),
    late(ms, interval, now) {
      if (ms > LATE * interval) marks.put(now, 'late', '', ms, LATE_TOGETHER);
    },
    marks: marks.since,
    beats: (from) => ({ sent: sent.since(from, MAX_BEATS), heard: heard.since(from, MAX_BEATS) }),
  };
}

/** Between the routine beats of a link, ms. */
function spacing({ links, interval }: FailoverConfig, link: LinkId): number {
  const shared = sharing(links);
  return shared.includes(link) ? interval * shared.length : interval;
}

function wordOf(ready: boolean | undefined): MarkKind {
  if (ready === undefined) return 'controller-silent';
  return ready ? 'controller-ready' : 'controller-not-ready';
}

const macNumber = (mac: string): number => Number.parseInt(mac.replaceAll(':', ''), 16) || 0;
