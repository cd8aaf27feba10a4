/** What outlives a power cut. */

/** The pair lane's own small state: a file, written and fsynced before it is used. */
export interface TermStore {
  /** The last persisted term; 0 when missing or damaged (a damaged one is reported through `damaged`). */
  load(): { readonly term: number; readonly damaged: boolean };
  /** Durable when it resolves; must not hold up the event loop. Rejects with TandemError `io`. */
  save(term: number): Promise<void>;
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

/** Revisions and events, in SQLite; bounded. */
export interface Store {
  latest(): Revision | undefined;
  revision(number: number): Revision | undefined;
  revisions(): readonly Omit<Revision, 'text'>[];
  /** Durable when it returns. */
  addRevision(author: string, text: string, digest: string): Revision;
  addEvent(event: EventRow): void;
  /** Newest first. */
  events(limit: number): readonly EventRow[];
  close(): void;
}
