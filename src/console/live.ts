import { WebSocket } from 'ws';
import { CLOSED, type ConsoleMessage, type ConsoleRequest, consoleRequest } from '../model/console.ts';
import { TandemError } from '../model/error.ts';
import { judge } from '../model/judge.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Feed, Shown } from './feed.ts';
import { asTandemError, refusalOf } from './refusal.ts';
import { type Asked, carry } from './requests.ts';
import type { Session, Sessions } from './sessions.ts';

/** Requests of one page that wait for their turn. */
const WAITING = 8;
/** Messages of one page that were none, after which it is closed. */
const MALFORMED = 100;
/** Bytes that a page may leave unread before changes are held back; it gets a snapshot when it has read them. */
const BEHIND = 512 * 1024;
/** Bytes unread with which a page may still ask for more. */
const UNREAD = 16 * 1024 * 1024;
/** How long a page may be behind, or silent to pings. */
const PATIENCE_MS = 30_000;
const PING_MS = 10_000;

export interface LiveParts extends Asked {
  readonly clock: Clock;
  readonly feed: Feed;
  readonly sessions: Sessions;
}

/** @throws TandemError `bad-request` naming what is wrong. */
function read(data: string): ConsoleRequest {
  let raw: unknown;
  try {
    raw = JSON.parse(data);
  } catch {
    throw new TandemError('bad-request', 'the message is not JSON', { remedy: 'reload the page' });
  }
  const judged = judge(consoleRequest, raw);
  if (judged.ok) return judged.data;
  throw new TandemError('bad-request', 'the message is not one that the console knows', {
    remedy: 'reload the page: it may be of another release',
    faults: judged.faults.slice(0, 5),
  });
}

/** Serves one page until it goes, its session ends or it breaks the rules. */
export function serveLive(socket: WebSocket, session: Session, parts: LiveParts): void {
  const { clock, feed, sessions } = parts;
  const waiting: ConsoleRequest[] = [];
  let working = false;
  let malformed = 0;
  let synced = false;
  let heard = clock.now();
  let behindSince: number | undefined;
  let ping: Cancel | undefined;

  const say = (message: ConsoleMessage): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };
  const ageOf = (shown: Shown): number => Math.max(0, Math.round(clock.now() - shown.at));

  function snapshot(shown: Shown): void {
    say({ type: 'snapshot', revision: shown.revision, ageMs: ageOf(shown), picture: shown.picture });
    synced = true;
  }

  const leave = feed.subscribe((shown, changes) => {
    if (socket.bufferedAmount > BEHIND) {
      synced = false;
      behindSince ??= clock.now();
      if (clock.now() - behindSince > PATIENCE_MS) close(CLOSED.slow, 'the page does not keep up');
      return;
    }
    behindSince = undefined;
    if (!synced || changes === undefined) snapshot(shown);
    else say({ type: 'diff', revision: shown.revision, ageMs: ageOf(shown), changes: changes as never });
  });
  const first = feed.current();
  if (first !== undefined) snapshot(first);

  function close(code: number, why: string): void {
    socket.close(code, why);
    // A page that does not answer the closing is not waited for.
    clock.at(clock.now() + 1_000, () => socket.terminate());
  }

  function refuse(id: number | null, error: unknown): void {
    say({ type: 'refusal', id, error: refusalOf(asTandemError(error)) });
  }

  async function answer(request: ConsoleRequest): Promise<void> {
    try {
      let result: unknown = null;
      if (request.do === 'snapshot') {
        const shown = feed.current();
        synced = false;
        if (shown !== undefined) snapshot(shown);
      } else if (request.do !== 'here') {
        feed.news();
        result = await carry(request, session.author, parts);
        feed.news();
      }
      say({ type: 'answer', id: request.id, result });
    } catch (error) {
      refuse(request.id, error);
    }
  }

  /** One request at a time, in their order. */
  async function work(): Promise<void> {
    if (working) return;
    working = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await answer(next);
    working = false;
  }

  socket.on('message', (data, isBinary) => {
    if (socket.readyState !== WebSocket.OPEN) return;
    heard = clock.now();
    if (socket.bufferedAmount > UNREAD) return close(CLOSED.slow, 'the page does not read its answers');
    try {
      const request = read(isBinary ? '' : String(data));
      sessions.seen(session);
      if (waiting.length >= WAITING) {
        refuse(request.id, new TandemError('too-many', 'too many requests are waiting', { remedy: 'wait a moment' }));
        return;
      }
      waiting.push(request);
      void work();
    } catch (error) {
      malformed += 1;
      refuse(null, error);
      if (malformed >= MALFORMED) close(CLOSED.malformed, 'too many such messages');
    }
  });
  socket.on('pong', () => {
    heard = clock.now();
  });
  // What broke the connection is the other side's affair; `close` follows.
  socket.on('error', () => {});

  function watch(): void {
    if (clock.now() - heard > PATIENCE_MS) socket.terminate();
    else if (socket.readyState === WebSocket.OPEN) socket.ping();
    ping = clock.at(clock.now() + PING_MS, watch);
  }
  watch();

  socket.once('close', () => {
    ping?.();
    leave();
    waiting.length = 0;
  });
}
