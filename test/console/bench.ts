import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { systemClock, systemRandom } from '../../firmware/clock.ts';
import { loadIdentity } from '../../firmware/console/identity.ts';
import { openSessionFile } from '../../firmware/console/sessionFile.ts';
import { openListenSocket } from '../../firmware/console/socket.ts';
import { startConsole } from '../../src/console/console.ts';
import { CONSOLE, type ConsoleMessage, consoleMessage } from '../../src/model/console.ts';
import type { Asset } from '../../src/ports/console.ts';
import { factsOf } from '../../src/shell/controller/facts.ts';
import { rackText } from '../fakes/rackDocument.ts';
import { LANE } from '../unit/cli/fake.ts';
import { Box } from '../unit/shell/controller/bench.ts';

export const PASSWORD = 'correct horse battery';
const PAGE = new Map([
  ['/', { type: 'text/html; charset=utf-8', bytes: Buffer.from('<!doctype html><title>page</title>') }],
  ['/app.js', { type: 'text/javascript; charset=utf-8', bytes: Buffer.from('"use strict";') }],
]);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Of a refusal. */
  readonly code: string | undefined;
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** The console over real TLS on the loopback device, before a controller whose kernel is in memory. */
export async function openConsole(assets: ReadonlyMap<string, Asset> = PAGE) {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-console-'));
  const box = new Box();
  box.laneAnswer = (request) => {
    if (request.do === 'status') return { ok: true, result: LANE };
    if (request.do === 'hand-over-plan') return { ok: true, result: { refusal: null, steps: ['drop both floats'] } };
    return { ok: true, result: { text: 'done' } };
  };
  const { controller, ask } = await box.start(rackText());
  const twinHolds = (document: 'the same' | 'another'): void => {
    box.channel.ask = async () => ({
      ...factsOf(controller),
      node: 'b',
      ...(document === 'the same' ? {} : { digest: 'another' }),
    });
  };
  box.clock.advance(500);
  const port = await freePort();
  const log: string[] = [];
  const settings = { port, names: ['127.0.0.1'] };
  const ports = { ...controller.ports, node: { ...controller.ports.node, console: settings } };
  const start = () =>
    startConsole({ ...controller, ports }, ask, {
      clock: systemClock,
      random: systemRandom,
      sessions: openSessionFile(join(folder, 'sessions.json')),
      assets,
      furtherNames: [],
      openSocket: () => openListenSocket({ device: 'lo', address: '127.0.0.1', port }),
      identity: (addresses, names) => loadIdentity(join(folder, 'tls'), 'tandem-a', addresses, names),
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      log: (line) => log.push(line),
    });
  let web = start();
  const host = `127.0.0.1:${port}`;
  const origin = `https://${host}`;
  const agent = new Agent({ keepAlive: true, maxSockets: 8, rejectUnauthorized: false });
  const listening = async (): Promise<void> => {
    const limit = performance.now() + 20_000;
    while (web.place() === undefined) {
      if (performance.now() > limit) throw new Error(`the console does not listen: ${log.join(' / ')}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  };
  await listening();

  function send({ method = 'GET', path = '/', headers = {}, body }: Sent): Promise<Reply> {
    return new Promise((done, failed) => {
      const options = { host: '127.0.0.1', port, path, method, agent, headers: { host, ...headers } };
      const request = httpsRequest({ ...options, rejectUnauthorized: false }, async (response) => {
        try {
          const parts: Buffer[] = [];
          for await (const part of response) parts.push(part as Buffer);
          const text = Buffer.concat(parts).toString('utf8');
          let code: string | undefined;
          if (text.startsWith('{')) code = (JSON.parse(text) as { error?: { code: string } }).error?.code;
          done({ status: response.statusCode ?? 0, headers: response.headers, body: text, code });
        } catch (error) {
          failed(error as Error);
        }
      });
      request.on('error', failed);
      request.end(body);
    });
  }

  const login = (password = PASSWORD, headers: Record<string, string> = { origin }): Promise<Reply> =>
    send({ method: 'POST', path: CONSOLE.paths.login, headers, body: JSON.stringify({ password }) });

  /** The cookie of a fresh session. */
  async function cookie(): Promise<string> {
    const { status, headers, body } = await login();
    if (status !== 204) throw new Error(`login answered ${status} ${body}`);
    return headers['set-cookie']![0]!.split(';')[0]!;
  }

  function dial(headers: Record<string, string>, path: string = CONSOLE.paths.live): WebSocket {
    return new WebSocket(`wss://${host}${path}`, { headers, rejectUnauthorized: false, perMessageDeflate: false });
  }

  const close = async (): Promise<void> => {
    agent.destroy();
    await web.close();
    controller.close();
    rmSync(folder, { recursive: true, force: true });
  };

  return {
    box,
    twinHolds,
    controller,
    host,
    port,
    origin,
    folder,
    log,
    send,
    login,
    cookie,
    dial,
    close,
    page: (session: string): Promise<Page> => Page.open(dial({ origin, cookie: session })),
    restart: async () => {
      await web.close();
      web = start();
      await listening();
    },
  };
}

/** What the answer to a refused upgrade says. */
export async function upgradeRefusal(socket: WebSocket): Promise<{ status: number; code: string | undefined }> {
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  const { error } = JSON.parse(Buffer.concat(parts).toString('utf8')) as { error?: { code: string } };
  return { status: response.statusCode, code: error?.code };
}

/** A page's end of the WebSocket; every message is held to the schema. */
export class Page {
  readonly socket: WebSocket;
  readonly heard: ConsoleMessage[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #waiting: (() => void)[] = [];

  constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = once(socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }));
    socket.on('message', (data) => {
      this.heard.push(consoleMessage.parse(JSON.parse(String(data))));
      this.#wake();
    });
    socket.on('error', () => {});
    this.closed.then(() => this.#wake());
  }

  static async open(socket: WebSocket): Promise<Page> {
    const page = new Page(socket);
    await once(socket, 'open');
    return page;
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The first message from `from` on that `wanted` takes; undefined when the page was closed instead. */
  async until<T extends ConsoleMessage>(wanted: (m: ConsoleMessage) => m is T): Promise<T>;
  async until(wanted: (message: ConsoleMessage) => boolean): Promise<ConsoleMessage>;
  async until(wanted: (message: ConsoleMessage) => boolean): Promise<ConsoleMessage> {
    for (;;) {
      const found = this.heard.find(wanted);
      if (found !== undefined) return found;
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error('the page was closed');
      await new Promise<void>((done) => {
        this.#waiting.push(done);
      });
    }
  }

  answer = async (id: number) => {
    const found = await this.until((m) => (m.type === 'answer' || m.type === 'refusal') && m.id === id);
    return found as Extract<ConsoleMessage, { type: 'answer' | 'refusal' }>;
  };
}
