import type { FailoverState } from '../../core/failover/index.ts';
import type { Transition } from '../../core/failover/types.ts';
import { restoredText } from '../../core/timeline/words.ts';
import { severityOf } from '../../model/alarmRank.ts';
import type { Alarm, Cause } from '../../model/pair.ts';
import type { LaneStatus } from '../../model/status.ts';
import {
  GOES_ON,
  LOOKS_BACK,
  MAX_EVIDENCE,
  MAX_MARKS,
  MAX_RECORDS,
  type RecordHead,
  type Restored,
  type TimelineRecord,
} from '../../model/timeline.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { RecordStore } from '../../ports/store.ts';
import { round } from './round.ts';
import { withSilences } from './silences.ts';
import { createTrace, type Trace } from './trace.ts';

/**
 * A record is first written so long after its move, ms: when clients have come back, and between two announcements
 * (ANNOUNCE_GAPS in core/failover/owner.ts).
 */
const FIRST_SAVE = 700;

/** Between two looks whether a record's neighbours have been asked long enough, ms. */
const ASKS_ON = 500;

/** Moves that somebody wanted, or that are a box's first. */
const ASKED_FOR: ReadonlySet<Cause> = new Set(['first-start', 'hand-over', 'button', 'preferred', 'shutdown']);

/** Records that still go on; with one more, the oldest is closed. */
const MAX_OPEN = 4;

/** What the lane remembers and logs for people. The alarms that stand are in the core's state. */
export interface Recorder extends Pick<Trace, 'stepped' | 'effect' | 'late'> {
  /** @param links how the links stand at that moment. */
  transition(transition: Transition, state: FailoverState, links: LaneStatus['links']): void;
  announced(now: number): void;
  /** Which neighbours resolve the floats to this box. */
  restored(restored: Restored): void;
  alarm(alarm: Alarm, raised: boolean): void;
  /** To be called after each event: writes what is due. */
  settle(state: FailoverState, now: number): void;
  /** Writes what is not on the disk yet; the lane ends. */
  finish(state: FailoverState, now: number): void;
  /** Newest first, those of earlier runs too. */
  transitions(): LaneStatus['transitions'];
}

/** A record that still goes on. */
interface Open {
  readonly id: string;
  readonly head: RecordHead;
  readonly links: TimelineRecord['links'];
  readonly monotonic: number;
  readonly firstSign: number;
  saveAt: number;
}

/**
 * @param store where records outlive the process; without one the transitions are kept in memory only.
 * The disk is never waited for: `settle` hands a finished text to the store and goes on.
 */
export function createRecorder(clock: Clock, log: Log, store?: RecordStore): Recorder {
  const trace = createTrace();
  let transitions: RecordHead[] = [];
  let open: Open[] = [];
  let made = 0;
  let due = Number.POSITIVE_INFINITY;

  store?.load().then((earlier) => {
    transitions = [...transitions, ...earlier].slice(0, MAX_RECORDS);
  });

  function save(record: Open, state: FailoverState, now: number, complete: boolean): void {
    store?.save(recordOf(record, trace, state, now, complete)).then(undefined, (error: unknown) => {
      log(`the record of a transition was not kept: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  function rearm(): void {
    due = open.reduce((first, { saveAt }) => Math.min(first, saveAt), Number.POSITIVE_INFINITY);
  }

  function settle(state: FailoverState, now: number): void {
    if (now < due) return;
    for (const record of open) {
      if (now < record.saveAt) continue;
      const over = now >= record.monotonic + GOES_ON;
      if (over && awaited(record, state)) {
        record.saveAt = now + ASKS_ON;
        continue;
      }
      record.saveAt = over ? Number.NEGATIVE_INFINITY : record.monotonic + GOES_ON;
      save(record, state, now, over);
    }
    open = open.filter(({ saveAt }) => saveAt !== Number.NEGATIVE_INFINITY);
    rearm();
  }

  /** Its neighbours are still being asked. */
  const awaited = (record: Open, state: FailoverState): boolean =>
    record === open.findLast(({ head }) => head.to === 'active') && state.own?.asking?.told === false;

  return {
    stepped: trace.stepped,
    effect: trace.effect,
    late: trace.late,
    transition(transition, state, links) {
      const now = state.at;
      const head: RecordHead = {
        at: clock.wall(),
        ...transition,
        evidence: transition.evidence.slice(0, MAX_EVIDENCE),
        steps: { ...transition.steps },
      };
      transitions.unshift(head);
      transitions.length = Math.min(transitions.length, MAX_RECORDS);
      made += 1;
      open.push({
        id: `${state.config.boot}-${made}`,
        head,
        links: linksOf(links, state),
        monotonic: now,
        firstSign: now - Math.max(0, ...Object.values(transition.steps)),
        saveAt: now + FIRST_SAVE,
      });
      if (open.length > MAX_OPEN) save(open.shift()!, state, now, false);
      rearm();
      const steps = Object.entries(transition.steps).map(([name, ms]) => `${name} ${Math.round(ms)} ms`);
      log(
        `${transition.from} -> ${transition.to}, term ${transition.term}, cause ${transition.cause}: ` +
          `${transition.evidence}${steps.length > 0 ? ` (${steps.join(', ')})` : ''}`,
        ASKED_FOR.has(transition.cause) ? 'notice' : 'warning',
      );
    },
    announced(now) {
      trace.announced(now);
      const taken = open.at(-1);
      if (taken?.head.to === 'active') taken.head.steps.announced ??= now - taken.firstSign;
    },
    restored(restored) {
      const taken = open.findLast(({ head }) => head.to === 'active');
      if (taken !== undefined) taken.head.restored = rounded(restored);
      log(restoredText(restored));
    },
    alarm(alarm, raised) {
      log(
        `alarm ${raised ? 'raised' : 'cleared'}: ${alarm.code}${alarm.subject ? ` ${alarm.subject}` : ''}: ${alarm.text}`,
        raised ? severityOf(alarm.code) : 'notice',
      );
    },
    settle,
    finish(state, now) {
      for (const record of open) save(record, state, now, false);
      open = [];
      rearm();
    },
    transitions: () => transitions,
  };
}

function rounded({ ms, at, neighbours }: Restored): Restored {
  const tidy = (value: number | null): number | null => (value === null ? null : round(value));
  return { ms: tidy(ms), at: tidy(at), neighbours: neighbours.map((each) => ({ ...each, ms: tidy(each.ms) })) };
}

function linksOf(links: LaneStatus['links'], { config, peer }: FailoverState): TimelineRecord['links'] {
  return config.links.map((link) => {
    const { sent = 0, received = 0 } = links.find((entry) => entry.link === link) ?? {};
    const { sequence, at } = peer.links[link];
    return { link, sent, received, lastSequence: sequence, lastAt: Number.isFinite(at) ? round(at) : null };
  });
}

function recordOf(
  { id, head, links, monotonic, firstSign }: Open,
  trace: Trace,
  latest: FailoverState,
  now: number,
  complete: boolean,
): TimelineRecord {
  const from = monotonic - LOOKS_BACK;
  return {
    ...head,
    id,
    node: latest.config.self,
    boot: latest.config.boot,
    twinBoot: latest.peer.boot,
    monotonic: round(monotonic),
    firstSign: round(firstSign),
    complete,
    links,
    marks: withSilences(trace.marks(from), links, monotonic, latest, now)
      .filter(({ at }) => at >= from)
      .slice(-MAX_MARKS),
    beats: trace.beats(from),
  };
}
