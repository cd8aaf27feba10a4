import type { Cancel, Clock, Close } from '../../ports/clock.ts';

/** Real servers from which on a document leaves tens of MB of garbage behind. */
export const LARGE = 5_000;
/** The twin has the document by then, and the statistics its names. */
export const AFTER_MS = 3_000;

export interface TidyUp {
  /** A document of so many real servers came into force. */
  after(servers: number): void;
  readonly close: Close;
}

/** Gives memory back once a large document has come into force: checks wait some 100 ms for it, more with 40,000 servers, and no other process is short. */
export function createTidyUp(compact: () => void, clock: Clock): TidyUp {
  let timer: Cancel | undefined;
  const close = (): void => {
    timer?.();
    timer = undefined;
  };
  return {
    after(servers) {
      if (servers < LARGE) return;
      close();
      timer = clock.at(clock.now() + AFTER_MS, () => {
        timer = undefined;
        compact();
      });
    },
    close,
  };
}
