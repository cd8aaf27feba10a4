import type { LintAlarm } from './lint.ts';

/** The words of the pair: who, over which link, in which role, and why. */

/** Node id within the pair; `a` wins ties. */
export type NodeId = 'a' | 'b';

export const peerOf = (node: NodeId): NodeId => (node === 'a' ? 'b' : 'a');

/** A side of the router: the public NIC carries the VIP, the private one the real servers' default route. */
export type Side = 'public' | 'private';

export const SIDES: readonly Side[] = ['public', 'private'];

/** A path for heartbeats: the null-modem line, UDP over a NIC that is there for nothing else, or over one of the data NICs. */
export type LinkId = 'serial' | 'heartbeat' | 'public' | 'private';

export const LINKS = ['serial', 'heartbeat', 'private', 'public'] as const satisfies readonly LinkId[];

/**
 * What a node is to the floats.
 * `idle`: no document yet. `standby`: holds no float. `taking`: writing the term and the floats. `active`: holds both.
 * `releasing`: dropping both for a hand-over or a higher term.
 */
export type Role = 'idle' | 'standby' | 'taking' | 'active' | 'releasing';

/** Why ownership moved (DESIGN: every transition is recorded with its cause). */
export type Cause =
  | 'first-start'
  | 'peer-silent'
  | 'peer-unfit'
  | 'hand-over'
  /** A hand-over asked for at the owner's front panel. */
  | 'button'
  /** The document's preferred node has been fit for long enough. */
  | 'preferred'
  | 'nic-down'
  | 'higher-term'
  | 'tie-break'
  | 'install-failed'
  | 'shutdown'
  /** Both nodes were standby and heard each other. */
  | 'no-owner'
  /** The owner's controller withdrew its word that the kernel is ready. */
  | 'not-ready'
  /** The owner stood still for so long that somebody else may own the floats. */
  | 'stalled'
  /** The floats vanished from the owner's kernel and the twin could not be asked. */
  | 'floats-lost';

/** What stands in the way or wants a person's eye; the same words on panel, CLI, web and log. */
export type AlarmCode =
  | 'peer-silent'
  | 'link-silent'
  | 'nic-down'
  | 'floats-contested'
  | 'peer-silent-floats-answer'
  /** The gateway has not answered the box that took the floats. */
  | 'neighbour-unresolved'
  | 'revision-differs'
  | 'not-ready'
  | 'controller-silent'
  /** The lane stands still again and again: the box is too busy for its heartbeat's deadline. */
  | 'lane-late'
  /** An operator holds a box: it neither takes the floats nor gives them up by itself. */
  | 'held'
  | 'button-stuck'
  | 'server-down'
  /** A service's live servers are too few: new clients go to its sorry server. */
  | 'quorum-lost'
  /** Checks have proven nothing for a while: the checker is at fault, and verdicts are held. */
  | 'checker-stuck'
  /** The two boxes' checks have not come to the same verdict for a while. */
  | 'health-differs'
  | 'certificate-ends'
  | 'service-down'
  /** A masqueraded server is sent packets and answers past this box. */
  | 'replies-missing'
  /** The disk does not take the history of the counters. */
  | 'statistics-not-kept'
  /** The disk does not take the lane's part of the document. */
  | 'lane-not-told'
  | 'drift'
  /** An operator lets drift stand for a while. */
  | 'drift-held'
  /** Another tool changes the same thing again and again. */
  | 'drift-fight'
  /** What `tandem lint` found and is worth waking somebody. */
  | LintAlarm;

export interface Alarm {
  readonly code: AlarmCode;
  /** What it concerns: a link, a side, a server's name; empty when the pair as a whole. */
  readonly subject: string;
  /** One sentence a person can act on. */
  readonly text: string;
}

/** An operator's word that a box neither takes the floats nor gives them up by itself; ended by `tandem resume`. */
export interface Hold {
  /** Why, in the operator's words; empty when none were given. At most `MAX_REASON` characters, none of control. */
  readonly reason: string;
  /** Who, e.g. `cli:root`. */
  readonly by: string;
}

/** Characters of a hold's reason. */
export const MAX_REASON = 120;
