import * as z from 'zod';
import type { Cancel, Clock, Close, Random } from '../ports/clock.ts';
import type { SessionFile } from '../ports/sessions.ts';

/** Without a sign of a person. */
export const IDLE_MS = 15 * 60_000;
/** Whatever happens. */
export const LONGEST_MS = 12 * 3_600_000;
/** At once; one more ends the one that was idle longest. */
export const MOST_SESSIONS = 16;

/** Signs of a person are kept over a restart this exactly. */
const SAVE_MS = 60_000;

/** Somebody who gave the password. */
export interface Session {
  /** Digest of the token: the token itself is not kept. */
  readonly key: string;
  /** Who it is, for the ledger: `web:192.0.2.50`. */
  readonly author: string;
  /** ms since the box's boot, as `seen`. */
  readonly since: number;
  seen: number;
}

export interface Sessions {
  /** Answers the token, 43 letters of base64url, that opens the session. */
  start(author: string): string;
  /** undefined when there is none, or no longer. */
  find(token: string): Session | undefined;
  /** A person did something. */
  seen(session: Session): void;
  end(session: Session): void;
  endAll(): void;
  /** Called once for each session that ends, in whatever way. */
  onEnd(listener: (session: Session) => void): void;
  count(): number;
  /** Ends the timer; the sessions stay in the file. */
  readonly close: Close;
}

const kept = z
  .array(z.object({ key: z.string(), author: z.string(), since: z.number(), seen: z.number() }))
  .max(MOST_SESSIONS);

/** Those of the controller's run before; the monotonic clock goes on over a restart. */
function load(file: SessionFile, now: number): Session[] {
  try {
    const sessions = kept.parse(JSON.parse(file.load() ?? '[]'));
    return sessions.every(({ since, seen }) => since <= seen && seen <= now) ? sessions : [];
  } catch {
    return [];
  }
}

export function createSessions(
  clock: Clock,
  random: Random,
  digest: (text: string) => string,
  file: SessionFile,
): Sessions {
  const sessions = new Map(load(file, file.uptime()).map((session) => [session.key, session]));
  const listeners: ((session: Session) => void)[] = [];
  let timer: Cancel | undefined;
  let saved = file.uptime();

  const expiry = (session: Session): number => Math.min(session.seen + IDLE_MS, session.since + LONGEST_MS);

  function end(session: Session): void {
    if (!sessions.delete(session.key)) return;
    for (const listener of listeners) listener(session);
    save();
    rearm();
  }

  function save(): void {
    saved = file.uptime();
    file.save(JSON.stringify([...sessions.values()]));
  }

  function sweep(): void {
    const now = file.uptime();
    for (const session of [...sessions.values()]) if (expiry(session) <= now) end(session);
    rearm();
  }

  function rearm(): void {
    timer?.();
    timer = undefined;
    if (sessions.size === 0) return;
    const left = Math.min(...[...sessions.values()].map(expiry)) - file.uptime();
    timer = clock.at(clock.now() + Math.max(0, left), sweep);
  }

  rearm();
  return {
    start(author) {
      const token = Buffer.from(random.bytes(32)).toString('base64url');
      const now = file.uptime();
      const session = { key: digest(token), author, since: now, seen: now };
      sessions.set(session.key, session);
      while (sessions.size > MOST_SESSIONS) {
        end([...sessions.values()].reduce((idle, one) => (one.seen < idle.seen ? one : idle)));
      }
      save();
      rearm();
      return token;
    },
    find(token) {
      const session = sessions.get(digest(token));
      return session !== undefined && expiry(session) > file.uptime() ? session : undefined;
    },
    seen(session) {
      session.seen = file.uptime();
      if (session.seen - saved > SAVE_MS) save();
    },
    end,
    endAll() {
      for (const session of [...sessions.values()]) end(session);
    },
    onEnd: (listener) => void listeners.push(listener),
    count: () => sessions.size,
    close() {
      save();
      timer?.();
    },
  };
}
