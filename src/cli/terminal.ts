import type { ReadStream, WriteStream } from 'node:tty';

/** A person's terminal, for a picture that lives. */
export interface Terminal {
  readonly rows: number;
  readonly columns: number;
  write(text: string): void;
  /** Waits `ms`; true, at once, when the person has pressed q or Ctrl-C. */
  rest(ms: number): Promise<boolean>;
  /** Gives the keyboard back. */
  close(): void;
}

/** What a serial terminal has that does not tell: a VT100's. */
const VT100 = { rows: 24, columns: 80 };
/** A picture of more would take long on a slow line, and nobody reads it. */
const MOST = { rows: 60, columns: 160 };

/** q, Ctrl-C and Ctrl-D: a terminal without echo hands the latter two on as bytes. */
const END = ['q', 'Q', '\u0003', '\u0004'];

/** undefined when keyboard or screen are none. */
export function openTerminal(input: ReadStream, output: WriteStream): Terminal | undefined {
  if (!input.isTTY || !output.isTTY) return undefined;
  let ended = false;
  let wake: () => void = () => {};
  const hear = (keys: Buffer | string): void => {
    const text = String(keys);
    if (!END.some((key) => text.includes(key))) return;
    ended = true;
    wake();
  };
  const leave = (): void => {
    ended = true;
    wake();
  };
  input.setRawMode(true);
  input.on('data', hear);
  input.on('end', leave);
  input.resume();
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) process.once(signal, leave);
  return {
    rows: Math.min(output.rows || VT100.rows, MOST.rows),
    columns: Math.min(output.columns || VT100.columns, MOST.columns),
    write: (text) => void output.write(text),
    rest: (ms) =>
      new Promise((done) => {
        if (ended) return done(true);
        const timer = setTimeout(() => done(false), ms);
        wake = () => {
          clearTimeout(timer);
          done(true);
        };
      }),
    close() {
      input.off('data', hear);
      input.off('end', leave);
      for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) process.off(signal, leave);
      input.setRawMode(false);
      input.pause();
    },
  };
}
