import type { Hold } from '../model/pair.ts';
import type { RecordHead, TimelineRecord } from '../model/timeline.ts';

/** What outlives a power cut. */

/** The pair lane's own small state: a file, written and fsynced before it is used. */
export interface TermStore {
  /** The last persisted term; 0 when missing or damaged (a damaged one is reported through `damaged`). */
  load(): { readonly term: number; readonly damaged: boolean };
  /** Durable when it resolves; must not hold up the event loop. Rejects with TandemError `io`. */
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
  /** Counts from 1. */
  readonly number: number;
  /** Who applied it, e.g. `cli:root`, `seed`. */
  readonly author: string;
  /** ms since the epoch. */
  readonly at: number;
  /** The document as applied, YAML. */
  readonly text: string;
  /** Hex SHA-256 of the canonical document; equal documents have equal digests on both boxes. */
  readonly digest: string;
}

export interface EventRow {
  readonly at: number;
  readonly kind: string;
  readonly text: string;
  /** JSON. */
  readonly detail: string;
}

/** A real server that an operator has taken out of use. */
export interface Drained {
  /** `web/s2`: service and server by the document's names. */
  readonly server: string;
  /** Who did, e.g. `cli:root`. */
  readonly author: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** Revisions, events and what operators have drained, in SQLite; bounded. */
export interface Store {
  latest(): Revision | undefined;
  revision(number: number): Revision | undefined;
  revisions(): readonly Omit<Revision, 'text'>[];
  /** Durable when it returns. */
  addRevision(author: string, text: string, digest: string): Revision;
  addEvent(event: EventRow): void;
  drained(): readonly Drained[];
  /** Durable when it returns; draining again keeps the first author and time. */
  drain(server: string, author: string): void;
  /** Durable when it returns; what is not drained stays so. */
  enable(servers: readonly string[]): void;
  /** Newest first. */
  events(limit: number): readonly EventRow[];
  close(): void;
}
