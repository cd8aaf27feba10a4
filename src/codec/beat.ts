import type { LinkId, NodeId, Role } from '../model/pair.ts';

/**
 * One heartbeat, as both sides understand it once it is authenticated.
 * The wire form (sealed, at most `MAX_FRAME` bytes) is beatFrame.ts.
 */
export interface Beat {
  /** Version of the frame it travels in, from 1: what both sides speak. */
  readonly version: number;
  /** Highest version that its sender speaks, from 1; the same for a whole boot. */
  readonly speaks: number;
  /** First 4 bytes of SHA-256 of the pair's name, as a number: refuses a neighbour's cable early. */
  readonly pair: number;
  readonly from: NodeId;
  /** Random per process start, 8 bytes as hex: with `sequence` it makes a replay recognisable. */
  readonly boot: string;
  /** Counts beats of this boot, from 1, below 2^40. One beat goes out on all links under one sequence. */
  readonly sequence: number;
  /** The term this node owns under while taking, active or releasing; otherwise the highest it knows anyone to have owned. */
  readonly term: number;
  readonly role: Role;
  /** This node's NICs have a carrier. */
  readonly publicUp: boolean;
  readonly privateUp: boolean;
  /** Sysctls, IPVS table, routes are in place and nobody holds this node: it could serve at once. */
  readonly ready: boolean;
  /** The owner asks the twin to persist `term + 1` and answer with `prepared`. */
  readonly handingOver: boolean;
  /** The twin's answer: the term it has persisted and will own under when the floats are let go; 0 = none, or `HELD`. */
  readonly prepared: number;
  /** The owner's word that both floats are gone from its kernel; the twin named by `granted` term may install. 0 = none. */
  readonly granted: number;
  /** First 4 bytes of the document's digest. */
  readonly revision: number;
  /** Boot of the twin that `heard` counts; empty = nothing heard within the deadline. Binds the echo to one process. */
  readonly hearing: string;
  /** Highest sequence heard from the twin on each link, modulo 2^32; 0 = nothing within the deadline. Shows one-way faults. */
  readonly heard: Readonly<Record<LinkId, number>>;
}

/**
 * In `prepared`, where no term ever comes to: an operator holds the node, which prepares nothing. Such a beat is never
 * `ready`, so that a release that knows no holds sees a node that is not fit and looks no further.
 */
export const HELD = 2 ** 32 - 1;

export const saysHeld = (beat: Beat): boolean => beat.prepared === HELD && !beat.ready;
