/** Makes and compares hashes of passwords. A call takes tens of ms of a processor and its own memory, off the event loop. */
export interface PasswordHasher {
  /** A new hash in the PHC string format, with a salt of its own. */
  hash(password: string): Promise<string>;
  /** In a time that does not tell how much of it was right. Rejects with TandemError `io` when `hash` is none. */
  matches(password: string, hash: string): Promise<boolean>;
}

/** Where the hash of the administrator's password stands. */
export interface PasswordStore {
  /** undefined when none was set. @throws TandemError `io` when it cannot be read. */
  load(): string | undefined;
  /** Durable when it resolves; rejects with TandemError `io`, and the old one then still stands. */
  save(hash: string): Promise<void>;
}
