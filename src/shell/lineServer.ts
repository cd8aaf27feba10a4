import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { z } from 'zod';
import { type Answer, MAX_LINE } from '../model/control.ts';
import { TandemError } from '../model/error.ts';
import { judge } from '../model/judge.ts';
import { lineReader } from './lines.ts';

/** A Unix socket that takes one JSON object a line and answers each, in order (src/model/control.ts). */

export interface LineLimits {
  /** Bytes of a request's line. */
  readonly lineBytes: number;
  /** Sessions at once; one more is told so and closed. */
  readonly sessions: number;
  /** A session that neither sends nor takes anything for so long is closed. */
  readonly idleMs: number;
  /** Of the socket's file. */
  readonly mode: number;
}

export const LINE_LIMITS: LineLimits = { lineBytes: MAX_LINE, sessions: 32, idleMs: 60_000, mode: 0o660 };

const LINGER_MS = 1_000;

export interface LineServer {
  readonly sessions: () => number;
  /** Ends the sessions, frees the path. A second call does nothing. */
  readonly close: () => Promise<void>;
}

/** Answers one request with its `result`; a thrown TandemError becomes the refusal. */
export type Handle<Request> = (request: Request) => unknown;

const refusal = (error: TandemError): Answer => ({
  ok: false,
  error: {
    code: error.code,
    message: error.message,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    ...(error.faults.length === 0 ? {} : { faults: error.faults }),
    ...(error.forcible ? { forcible: true } : {}),
  },
});

const badRequest = (message: string, remedy: string): TandemError =>
  new TandemError('bad-request', message, { remedy });

/** A defect of ours: its text goes to the caller, who has root, and its stack to the journal. */
function internal(cause: unknown): TandemError {
  console.error(cause);
  const message = cause instanceof Error ? cause.message : String(cause);
  return new TandemError('internal', `the request failed: ${message}`, {
    remedy: 'report this with the journal',
    cause,
  });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw badRequest('the line is not JSON', 'send one JSON object a line');
  }
}

/** The integer by which the client knows the answer, if it gave one. */
function idOf(raw: unknown): { readonly id?: number } {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined;
  return Number.isSafeInteger(id) ? { id: id as number } : {};
}

function read<Request>(raw: unknown, schema: z.ZodType<Request>): Request {
  const judged = judge(schema, raw);
  if (judged.ok) return judged.data;
  throw new TandemError('bad-request', 'the request is not one this socket knows', {
    remedy: 'see src/model/control.ts for the requests',
    faults: judged.faults.slice(0, 20),
  });
}

async function answerTo<Request>(line: string, schema: z.ZodType<Request>, handle: Handle<Request>): Promise<Answer> {
  let id: { readonly id?: number } = {};
  try {
    const raw = parse(line);
    id = idOf(raw);
    return { ...id, ok: true, result: (await handle(read(raw, schema))) ?? null };
  } catch (error) {
    return { ...id, ...refusal(error instanceof TandemError ? error : internal(error)) };
  }
}

/** Resolves when the kernel has taken the answer, or the client has gone. */
const send = (socket: Socket, answer: Answer): Promise<void> =>
  new Promise((done) => {
    if (socket.destroyed) return done();
    socket.once('close', done);
    socket.write(`${JSON.stringify(answer)}\n`, () => {
      socket.off('close', done);
      done();
    });
  });

/** Says why and closes; takes in what the client still writes for a moment, or it would see a broken pipe instead. */
function endWith(socket: Socket, error: TandemError): void {
  socket.end(`${JSON.stringify(refusal(error))}\n`);
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}

function session<Request>(
  socket: Socket,
  schema: z.ZodType<Request>,
  handle: Handle<Request>,
  limits: LineLimits,
): void {
  const reader = lineReader(limits.lineBytes);
  let working = false;
  let handling = false;
  let ended = false;

  /** One line at a time; the socket rests meanwhile, so a client cannot pile up work. */
  const work = async (): Promise<void> => {
    if (working) return;
    working = true;
    socket.pause();
    for (let line = reader.next(); line !== undefined && !socket.destroyed; line = reader.next()) {
      handling = true;
      const answer = await answerTo(line, schema, handle);
      handling = false;
      await send(socket, answer);
    }
    working = false;
    if (reader.overflowed()) {
      const message = `the line is longer than ${limits.lineBytes} bytes`;
      endWith(socket, badRequest(message, 'send a shorter one'));
    } else if (ended) socket.end();
    else socket.resume();
  };

  socket.on('data', (bytes: Buffer) => {
    reader.push(bytes);
    if (!socket.writableEnded) void work();
  });
  socket.on('end', () => {
    ended = true;
    if (!working) socket.end();
  });
  // A client that goes away in the middle is no event; `close` follows and ends the session.
  socket.on('error', () => {});
  // The client waits while we work; it is idle when it neither asks nor takes its answer.
  socket.setTimeout(limits.idleMs, () => {
    if (!handling) socket.destroy();
  });
}

/** Whether another process answers at `path`. */
const answers = (path: string): Promise<boolean> =>
  new Promise((done) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      done(true);
    });
    probe.once('error', () => done(false));
  });

/** Removes what a dead process left. @throws TandemError `refused` when it lives, `io` when the path is no socket. */
async function clear(path: string): Promise<void> {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isSocket())
    throw new TandemError('io', `${path} is no socket`, { remedy: 'remove the file that stands there' });
  if (await answers(path)) {
    throw new TandemError('refused', `another process answers at ${path}`, { remedy: 'stop it first' });
  }
  rmSync(path, { force: true });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((done, failed) => {
    server.once('error', (cause) =>
      failed(
        new TandemError('io', `${path} cannot be opened: ${cause.message}`, {
          remedy: 'see that its folder exists',
          cause,
        }),
      ),
    );
    server.listen(path, done);
  });
}

/**
 * Serves `schema`'s requests at `path` until closed. A line that is no JSON or no known request is refused with
 * `bad-request` and changes nothing; one that is too long also ends its session.
 * @throws TandemError `refused` or `io` when the path cannot be had.
 */
export async function serveLines<Request>(
  path: string,
  schema: z.ZodType<Request>,
  handle: Handle<Request>,
  limits: Partial<LineLimits> = {},
): Promise<LineServer> {
  const bounds = { ...LINE_LIMITS, ...limits };
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    if (open.size >= bounds.sessions) {
      const full = new TandemError('refused', `${bounds.sessions} sessions are open`, {
        remedy: 'try again in a moment',
      });
      socket.on('error', () => {});
      endWith(socket, full);
      return;
    }
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    session(socket, schema, handle, bounds);
  });
  // Beyond this, connections are dropped without a word, so that being refused is bounded as well.
  server.maxConnections = 2 * bounds.sessions;
  await clear(path);
  await listen(server, path);
  // Until here the umask keeps everybody but the owner out: connecting needs the right to write.
  chmodSync(path, bounds.mode);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= new Promise((done) => {
      server.close(() => done());
      for (const socket of open) socket.destroy();
    });
    return closing;
  };
  return { sessions: () => open.size, close };
}
