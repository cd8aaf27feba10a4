import type { Beat } from '../../../src/codec/beat.ts';
import type { FailoverState } from '../../../src/core/failover/index.ts';
import type { NodeId, Side } from '../../../src/model/pair.ts';

/**
 * A pair small enough that everything it can do can be tried: two cores, one heartbeat link with two directions, one LAN
 * that carries ARP. Time goes in steps of `GRID`; within a step things happen in any order. Floats do not expire: the
 * time looked at is shorter than their lifetime.
 */

/** ms. A beat, an ARP packet and a write to disk take from nothing to one step; timers come up to one step late. */
export const GRID = 10;
/** How long a held-up link, a late timer, a box that stands still takes, ms. */
export const HELD_UP = 120;
export const LATE = 60;
export const STILL = 200;
/** From the death of a lane to its floats' removal by the unit, and from there to its restart, ms. */
export const CLEAN_UP = 60;
export const RESTART = 150;
/** Two owners who come into contact have the time of a beat: an interval, and a step for its timer and for its travel, ms. */
export const MEETING = 20 + 2 * GRID;

export interface Site {
  /** Undefined: its lane is dead. */
  readonly core: FailoverState | undefined;
  /** Lanes started so far; names the boot. */
  readonly boots: number;
  readonly powered: boolean;
  readonly held: Readonly<Record<Side, boolean>>;
  /** The term on its disk, and the write under way. */
  readonly disk: number;
  readonly writing: { readonly term: number; readonly by: number } | undefined;
  /** It stands still until then. */
  readonly stillUntil: number;
  /** By how much its clock is behind, because it stood still too. */
  readonly behind: number;
  /** No timer of its lane fires until then. */
  readonly lateUntil: number;
  /** When the unit removes a dead lane's floats, and starts another. */
  readonly cleanUpAt: number;
  readonly restartAt: number;
  /** Changes of single floats still to be made, when they are not made in one batch. */
  readonly half: { readonly side: Side; readonly held: boolean } | undefined;
}

export type Arp = 'probe' | 'claim';

/** A direction of the link, or of the LAN; what was sent first arrives first. */
export interface Way<T> {
  readonly queue: readonly { readonly what: T; readonly by: number }[];
  readonly cut: boolean;
  /** Nothing arrives before. */
  readonly heldUntil: number;
}

/** By the sender's name. */
export interface Model {
  readonly now: number;
  readonly sites: Readonly<Record<NodeId, Site>>;
  readonly beats: Readonly<Record<NodeId, Way<Beat>>>;
  readonly arp: Readonly<Record<NodeId, Way<Arp>>>;
  readonly faults: number;
  /** Until when two boxes may answer, because they could not know of each other. */
  readonly excusedUntil: number;
  /** What did not hold. */
  readonly violation: string | undefined;
}

export const NEVER_AGAIN = Number.POSITIVE_INFINITY;

export const bootOf = (node: NodeId, boots: number): string => `${node}${boots.toString(16)}`.padEnd(16, '0');

export const emptyWay: Way<never> = { queue: [], cut: false, heldUntil: 0 };

/** The time by the box's own clock. */
export const clockOf = (model: Model, node: NodeId): number => model.now - model.sites[node].behind;

export const still = (model: Model, node: NodeId): boolean => model.sites[node].stillUntil > model.now;
