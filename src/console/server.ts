import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { CLOSED, CONSOLE, httpStatus } from '../model/console.ts';
import { TandemError } from '../model/error.ts';
import type { Identity } from '../ports/console.ts';
import { type LiveParts, serveLive } from './live.ts';
import { checkHost, checkOrigin } from './origin.ts';
import { asTandemError } from './refusal.ts';
import { createRoutes, type RouteParts, sessionOf } from './routes.ts';
import type { Session } from './sessions.ts';

const LIMITS = {
  /** TCP connections at once; beyond, they are dropped without a word. */
  connections: 96,
  /** WebSockets at once: in all, and of one session. */
  sockets: 32,
  socketsOfOne: 4,
  /** Bytes of a request's line and headers. */
  headers: 8_192,
  handshakeMs: 10_000,
  headersMs: 10_000,
  requestMs: 20_000,
  idleMs: 5_000,
} as const;

export interface ConsoleServer {
  /** For `listen`. */
  readonly server: Server;
  /** A new certificate, for the handshakes from now on. */
  identify(identity: Identity): void;
  /** Ends every connection; pages are told to come back. */
  close(): Promise<void>;
}

const tls = ({ key, certificate }: Identity) => ({ key, cert: certificate, minVersion: 'TLSv1.2' as const });

/** HTTPS and the WebSocket on one port; it listens nowhere yet. */
export function createConsoleServer(identity: Identity, parts: RouteParts & LiveParts): ConsoleServer {
  const { sessions } = parts;
  const sockets = new Map<WebSocket, Session>();
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: CONSOLE.message,
    perMessageDeflate: false,
  });
  const server = createServer({
    ...tls(identity),
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: LIMITS.handshakeMs,
    maxHeaderSize: LIMITS.headers,
    headersTimeout: LIMITS.headersMs,
    requestTimeout: LIMITS.requestMs,
    keepAliveTimeout: LIMITS.idleMs,
    connectionsCheckingInterval: 5_000,
  });
  server.maxConnections = LIMITS.connections;
  server.on('request', createRoutes(parts));
  // What keeps it from listening is told to who listens; nothing that comes later may end the controller.
  server.on('error', () => {});
  // Half a handshake and broken requests are the other side's affair; the answer to the latter is Node's own 400.
  server.on('tlsClientError', (_error, socket) => socket.destroy());

  /** @throws TandemError. */
  function admitted(request: IncomingMessage): Session {
    checkHost(request.headers, parts.allowedHosts());
    checkOrigin(request.headers);
    if (request.url !== CONSOLE.paths.live) throw new TandemError('not-found', 'there is nothing here');
    const session = sessionOf(request, parts);
    if (session === undefined) throw new TandemError('no-session', 'nobody is logged in', { remedy: 'log in' });
    const own = [...sockets.values()].filter((one) => one === session).length;
    if (sockets.size >= LIMITS.sockets || own >= LIMITS.socketsOfOne) {
      throw new TandemError('too-many', 'too many pages are open', { remedy: 'close one' });
    }
    return session;
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => {});
    let session: Session;
    try {
      session = admitted(request);
    } catch (cause) {
      const error = asTandemError(cause);
      const body = JSON.stringify({ error: { code: error.code, message: error.message } });
      const length = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`;
      socket.end(`HTTP/1.1 ${httpStatus(error.code)} Refused\r\nconnection: close\r\n${length}\r\n\r\n${body}`);
      return;
    }
    wss.handleUpgrade(request, socket, head, (page) => {
      sockets.set(page, session);
      page.once('close', () => sockets.delete(page));
      const { remoteAddress: address, localPort: port } = request.socket;
      const login = address === undefined || port === undefined ? undefined : { address, port };
      serveLive(page, session, { ...parts, login });
    });
  });

  sessions.onEnd((ended) => {
    for (const [page, session] of sockets) if (session === ended) page.close(CLOSED.session, 'the session is over');
  });

  return {
    server,
    identify: (next) => server.setSecureContext(tls(next)),
    close: () =>
      new Promise((done) => {
        for (const page of sockets.keys()) page.close(CLOSED.restart, 'the console stops');
        server.close(() => done());
        // Pages that are told have a moment to hear it.
        setTimeout(() => server.closeAllConnections(), 200).unref();
        setTimeout(() => {
          for (const page of sockets.keys()) page.terminate();
        }, 200).unref();
      }),
  };
}
