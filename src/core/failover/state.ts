import type { Beat } from '../../codec/beat.ts';
import type { Neighbour } from '../../model/lane.ts';
import type { Alarm, Cause, Hold, LinkId, Role, Side } from '../../model/pair.ts';
import type { BeatCounts, FailoverConfig } from './types.ts';

/** A time that lies before all others, for what has not happened yet. */
export const NEVER = -Infinity;

/** What one link last brought. */
export interface LinkWatch {
  /** Highest sequence accepted on this link from the peer's present boot. */
  readonly sequence: number;
  /** When. */
  readonly at: number;
  /** When the peer last said that it hears us on this link. */
  readonly echoedAt: number;
}

/** What is known of the twin. `boot` is empty until it has proved to be alive (replay.ts). */
export interface Peer {
  readonly boot: string;
  /** Boots it has left behind, newest first, bounded. */
  readonly past: readonly string[];
  readonly links: Readonly<Record<LinkId, LinkWatch>>;
  /** Its newest beat. */
  readonly beat: Beat | undefined;
  /** When we had sent the newest of our beats that it has echoed. */
  readonly echoAt: number;
  /** A process that says it is the twin and has not proved it: echoed, so that it can, and otherwise ignored. */
  readonly candidate: Candidate | undefined;
}

export interface Candidate {
  readonly boot: string;
  readonly at: number;
  readonly heard: Readonly<Record<LinkId, number>>;
}

/** The second proof in the making: ARP probes for both floats. */
export interface Hunt {
  readonly since: number;
  /** Probes since the floats last answered. */
  readonly unanswered: number;
  /** When the first of those was sent; meaningless while there is none. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** The floats answered since the last probe. */
  readonly answered: boolean;
  readonly nextAt: number;
  /** Between probes while the floats answer. */
  readonly gap: number;
  /** When the floats last answered. */
  readonly answeredAt: number;
}

/** On the way to ownership: waiting for the twin's consent, then for the kernel. */
export interface Take {
  readonly phase: 'consent' | 'install';
  readonly term: number;
  readonly since: number;
  /** Sequence of the first beat that said `taking`; a beat that echoes it has consented. */
  readonly sequence: number;
  readonly cause: Cause;
  readonly evidence: string;
  readonly steps: Readonly<Record<string, number>>;
  /** The first sign: the steps count from here. */
  readonly from: number;
  /** What brought it about: the last beat heard where silence did, else the first sign. */
  readonly causeAt: number;
  /** Boot of the owner whose silence was taken for its end. */
  readonly over?: string | undefined;
}

/** Ownership. */
export interface Ownership {
  readonly term: number;
  /** Boot of the owner whose silence was taken for its end, until it is heard to own still. */
  readonly over?: string | undefined;
  readonly since: number;
  readonly renewAt: number;
  readonly announceAt: number;
  /** Announcements made since the floats went up. */
  readonly announced: number;
  /** When the latest of them was. */
  readonly announcedAt: number;
  /** Next and latest probe for a second owner. */
  readonly guardAt: number;
  readonly guardedAt: number;
  /** Set after this node stood still: it neither renews nor announces until it knows that nobody else took the floats. */
  readonly doubt: Hunt | undefined;
  /** Undefined when there is nobody to ask. */
  readonly asking: Asking | undefined;
}

/** Whether the neighbours resolve the floats to this node. */
export interface Asking {
  readonly neighbours: readonly Neighbour[];
  /** Times of answers count from here. */
  readonly from: number;
  readonly since: number;
  /** Rounds of questions so far, and when the next is due. */
  readonly rounds: number;
  readonly nextAt: number;
  /** First answer of each, by address, ms after `from`. */
  readonly answers: Readonly<Record<string, number>>;
  /** The outcome has been told. */
  readonly told: boolean;
}

/** On the way out of ownership: the kernel is asked to drop both floats. */
export interface Release {
  readonly term: number;
  readonly cause: Cause;
  readonly evidence: string;
  readonly since: number;
  readonly askedAt: number;
}

/**
 * The owner's side of a hand-over. `asking`: the twin is to persist and answer. `dropping`: it has, our kernel is asked
 * to let go. `granted`: the floats are gone here and the twin has our word.
 */
export interface HandOver {
  readonly phase: 'asking' | 'dropping' | 'granted';
  readonly cause: Cause;
  /** The cause in words. */
  readonly why: string;
  readonly since: number;
  /** The term the twin prepared; 0 while asking. */
  readonly term: number;
  readonly until: number;
  readonly request: number | undefined;
}

/** The owner's watch over the twin that the document prefers. */
export interface Preference {
  /** Since when the twin could have been handed the floats without a break; undefined = now it could not. */
  readonly since: number | undefined;
  /** Moves to it that have come to nothing, one after the other. */
  readonly failed: number;
}

/** Plain data; every step makes a new one. */
export interface FailoverState {
  readonly config: FailoverConfig;
  readonly startedAt: number;
  /** Of the latest step. */
  readonly at: number;
  readonly role: Role;
  /** Highest term known to have been owned, by whomever. */
  readonly term: number;
  /** Highest term on this node's disk; above `term` it is a promise this node may own under. */
  readonly promise: number;
  /** The write under way: since when a term has been wanted, and when it was last asked for. */
  readonly saving: { readonly term: number; readonly since: number; readonly at: number } | undefined;

  readonly sequence: number;
  /** Our latest beats and when they went out, oldest first, bounded. */
  readonly sent: readonly { readonly sequence: number; readonly at: number }[];
  readonly lastBeat: Beat | undefined;
  readonly nextBeatAt: number;

  readonly nics: Readonly<Record<Side, boolean>>;
  /** The controller's last word; its silence does not take it back. */
  readonly ready: boolean;
  readonly unreadySince: number;
  readonly controllerHeard: boolean;
  /** What clients would lose on the twin, by the controller's last word; null = nothing, undefined = it does not say. */
  readonly against: string | null | undefined;

  readonly peer: Peer;
  readonly counts: Readonly<Record<LinkId, BeatCounts>>;
  /** Silence counts from here at the earliest: moved on when this node itself stood still. */
  readonly windowStart: number;
  /** Since when both nodes are standby and hear each other. */
  readonly ownerlessSince: number | undefined;
  /** An owner has been seen in this run. */
  readonly ownerSeen: boolean;

  readonly preference: Preference;
  /** An operator's: this node neither takes the floats nor gives them up by itself. */
  readonly hold: Hold | undefined;

  readonly hunt: Hunt | undefined;
  readonly take: Take | undefined;
  readonly own: Ownership | undefined;
  readonly release: Release | undefined;
  readonly handOver: HandOver | undefined;
  /** No hand-over of our own accord before this time. */
  readonly handOverAfter: number;
  /** Not fit to own before this time: the kernel refused the floats. */
  readonly holdUntil: number;

  /** When somebody else last claimed each float. */
  readonly claimedAt: Readonly<Record<Side, number>>;
  /** Since when such claims have been coming in without a long pause. */
  readonly contestedSince: number;
  readonly rivalAt: number;
  /** When the latest moves that proved wrong were found out, oldest first, bounded (damping.ts). */
  readonly wrongMoves: readonly number[];
  /** When this node noticed that it had stood still, oldest first, bounded (stalls.ts). */
  readonly stalls: readonly number[];

  readonly alarms: readonly Alarm[];
  /** Times the alarms wait on, by alarm. */
  readonly alarmSince: Readonly<Record<string, number>>;
  /** The service has been asked to end. */
  readonly ending: boolean;
  readonly ended: boolean;
}

export const silentLink: LinkWatch = { sequence: 0, at: NEVER, echoedAt: NEVER };

/** No beat from this process has been accepted yet. */
export const silentLinks: Peer['links'] = {
  serial: silentLink,
  heartbeat: silentLink,
  public: silentLink,
  private: silentLink,
};

const noCounts: BeatCounts = { accepted: 0, replayed: 0, reflected: 0, foreign: 0, unasked: 0 };

/** Nothing has come yet. */
export const freshCounts: FailoverState['counts'] = {
  serial: noCounts,
  heartbeat: noCounts,
  public: noCounts,
  private: noCounts,
};

/** A node at the start of its process: standby, floats not held, NICs down and controller unheard until told otherwise. */
export function createFailover(
  config: FailoverConfig,
  persisted: { readonly term: number; readonly hold?: Hold | undefined },
  now: number,
): FailoverState {
  return {
    config,
    startedAt: now,
    at: now,
    role: 'standby',
    term: persisted.term,
    promise: persisted.term,
    saving: undefined,
    sequence: 0,
    sent: [],
    lastBeat: undefined,
    nextBeatAt: now,
    nics: { public: false, private: false },
    ready: false,
    unreadySince: now,
    controllerHeard: false,
    against: undefined,
    peer: { boot: '', past: [], links: silentLinks, beat: undefined, echoAt: NEVER, candidate: undefined },
    counts: freshCounts,
    windowStart: now,
    ownerlessSince: undefined,
    ownerSeen: false,
    preference: { since: undefined, failed: 0 },
    hold: persisted.hold,
    hunt: undefined,
    take: undefined,
    own: undefined,
    release: undefined,
    handOver: undefined,
    handOverAfter: NEVER,
    holdUntil: NEVER,
    claimedAt: { public: NEVER, private: NEVER },
    contestedSince: NEVER,
    rivalAt: NEVER,
    wrongMoves: [],
    stalls: [],
    alarms: [],
    alarmSince: {},
    ending: false,
    ended: false,
  };
}
