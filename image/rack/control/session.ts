/** One asking terminal, as the verbs see it. */
export interface Session {
  /** Standard output; false = the terminal does not keep up, wait for `drained`. */
  out(bytes: Uint8Array | string): boolean;
  /** Standard error. */
  err(bytes: Uint8Array | string): boolean;
  drained(): Promise<void>;
  /** What is typed or piped in; undefined = no more comes. At most one listener. */
  onInput(listener: (bytes: Uint8Array | undefined) => void): void;
  /** Aborted when the terminal went away. */
  readonly gone: AbortSignal;
}

/** Does what was asked and says the exit code. What it throws is told to the terminal. */
export type Act = (argv: readonly string[], session: Session) => Promise<number>;
