import type { DriftHold, DriftRow } from '../model/drift.ts';
import type { Hold, NodeId } from '../model/pair.ts';
import type { Patch } from '../model/patch.ts';
import type { RecordHead, TimelineRecord } from '../model/timeline.ts';
import type { ServerUse } from '../model/twin.ts';

/** What outlives a power cut. */

/** The pair lane's own small state: a file, written and fsynced before it is used. */
export interface TermStore {
  /** The last persisted term; 0 when missing or damaged (a damaged one is reported through `damaged`). */
  load(): { readonly term: number; readonly damaged: boolean };
  /**
   * Durable when it resolves, this term or a higher one that stands there already; must not hold up the event loop. Rejects
   * with TandemError `io`, also while a process that died may still be writing.
   */
  save(term: number): Promise<void>;
}

/** The lane's records of transitions, the newest `MAX_RECORDS` of them (src/model/timeline.ts). */
export interface RecordStore {
  /** Of the records there are, newest first. Never rejects: what cannot be read is left out. */
  load(): Promise<readonly RecordHead[]>;
  /**
   * Durable when it resolves; must not hold up the event loop. A record that is saved again under its id takes its own
   * place. Rejects with TandemError `io`, `too-large`, or `too-many` when the disk is that far behind.
   */
  save(record: TimelineRecord): Promise<void>;
}

/** The same records for who shows them. */
export interface RecordReader {
  /** The newest `limit`, oldest first; what cannot be read is left out. Rejects with TandemError `io`. */
  read(limit: number): Promise<readonly TimelineRecord[]>;
}

/** Whether an operator holds this box: a file of its own beside the term's. */
export interface HoldStore {
  /** Undefined when nobody holds it. What stands there and cannot be read counts as a hold, and its reason says so. */
  load(): Hold | undefined;
  /**
   * Durable when it resolves, in the order of the calls; must not hold up the event loop. Undefined ends the hold.
   * Rejects with TandemError `io`.
   */
  save(hold: Hold | undefined): Promise<void>;
}

export interface Revision {
  /** Counts from 1 for the pair; with `node` it is the revision's name. */
  readonly number: number;
  /** Who made it; empty = a release that did not write it down. */
  readonly node: NodeId | '';
  /** Who applied it, e.g. `cli:root`, `seed`. */
  readonly author: string;
  /** ms since the epoch. */
  readonly at: number;
  /** The document as applied, YAML. */
  readonly text: string;
  /** Hex SHA-256 of the canonical document; equal documents have equal digests on both boxes. */
  readonly digest: string;
  /** The highest number of each box that it was made with knowledge of. */
  readonly lineage: { readonly a: number; readonly b: number };
}

/** All but the text. */
export type RevisionHead = Omit<Revision, 'text'>;

/** Which one, and that it is the same on both boxes. */
export type RevisionKey = Pick<Revision, 'number' | 'node' | 'digest'>;

export interface EventRow {
  readonly at: number;
  readonly kind: string;
  readonly text: string;
  /** JSON. */
  readonly detail: string;
}

/** The highest number of a revision and counter of a use that this box has heard of. */
export interface Seen {
  readonly number: number;
  readonly counter: number;
}

/** Revisions, events, what operators have drained and what others have changed, in SQLite; bounded. */
export interface Store {
  /** The newest of the pair's order, see `newer` (src/core/replicate/order.ts). */
  latest(): Revision | undefined;
  /** Where both boxes made one of that number, the newer. */
  revision(number: number): Revision | undefined;
  /** Newest first. */
  revisions(): readonly RevisionHead[];
  /** Durable when it returns. One that stands under its number and node already is replaced. */
  addRevision(revision: Revision): void;
  /**
   * The same for one whose text is `base`'s with a patch in it: the row holds the patch alone, and a reader makes the text.
   * @throws TandemError `not-found` when `base` is not here.
   */
  addPatched(revision: RevisionHead, base: RevisionKey, patch: Patch): void;
  addEvent(event: EventRow): void;
  /** The last word on each server that was drained or enabled. */
  uses(): readonly ServerUse[];
  /** Durable when it returns, all or none; each replaces what was said of its server. The newest `KEEP.uses` are kept. */
  putUses(uses: readonly ServerUse[]): void;
  seen(): Seen;
  /** Durable when it returns. */
  remember(seen: Seen): void;
  /** Newest first. */
  events(limit: number): readonly EventRow[];
  /** One transaction. A row of the same time, kind, subject and outcome is brought up to date. */
  putDrift(rows: readonly DriftRow[]): void;
  /** Those that were found at `since` (ms since the epoch) or later, newest first. */
  drift(since: number, limit: number): readonly DriftRow[];
  driftHold(): DriftHold | undefined;
  /** Durable when it returns; undefined ends it. */
  setDriftHold(hold: DriftHold | undefined): void;
  close(): void;
}
