import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { TandemError } from '../model/error.ts';
import { type Login, loginOf } from './login.ts';
import { typedSecret } from './secret.ts';
import { openTerminal, type Terminal } from './terminal.ts';

/** What a command needs of the world, so that tests can stand in for it. */
export interface Io {
  /** Prints lines on standard output. */
  readonly out: (text: string) => void;
  /** Prints lines on standard error. */
  readonly err: (text: string) => void;
  /** Reads a file, or standard input for `-`. @throws TandemError `io`. */
  readonly read: (file: string) => string;
  /** A line typed without echo. Rejects with TandemError `refused` without a terminal. */
  readonly secret: (prompt: string) => Promise<string>;
  /** Takes the keyboard for a picture that lives; undefined without a terminal. */
  readonly terminal: () => Terminal | undefined;
  /** Waits; true when there is no more to be done. */
  readonly rest: (ms: number) => Promise<boolean>;
  /** Folder of the control sockets. */
  readonly run: string;
  /** Who runs the command, e.g. `cli:root`. */
  readonly author: string;
  /** From where that person is logged in over the network; undefined on a console. */
  readonly login: Login | undefined;
}

/** A wrong command line: exit code 2. */
export class UsageError extends Error {}

export const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 3 } as const;

/** How long the controller has for an answer that it holds ready. */
export const ANSWER_MS = 2_000;

export const controllerSocket = (io: Io): string => `${io.run}/controller.sock`;
export const laneSocket = (io: Io): string => `${io.run}/lane.sock`;

/** Without control characters: what another process wrote must not move a terminal's cursor. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, ' ');

function read(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TandemError('io', `${file} cannot be read: ${reason}`, {
      remedy: 'name a file that you may read',
      cause,
    });
  }
}

/** The person behind `sudo`, else the user, else the number. */
function user(env: NodeJS.ProcessEnv): string {
  if (env.SUDO_USER !== undefined) return env.SUDO_USER;
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

export function processIo(): Io {
  // `tandem events | head` closes the pipe early; that is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
  return {
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
    read,
    secret: (prompt) => typedSecret(prompt, process.stdin, (text) => process.stderr.write(text)),
    terminal: () => openTerminal(process.stdin, process.stdout),
    rest: (ms) => new Promise((done) => setTimeout(done, ms, false)),
    run: process.env.TANDEM_RUN ?? '/run/tandem',
    login: loginOf(process.env),
    author: `cli:${user(process.env)}`.slice(0, 80),
  };
}
