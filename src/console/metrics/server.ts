import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EXPOSITION_TYPE } from '../../core/stats/exposition.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Controller } from '../../shell/controller/controller.ts';
import { type Memory, metricsPage } from './page.ts';

const LIMITS = { connections: 16, headers: 8_192, headersMs: 5_000, requestMs: 10_000, idleMs: 5_000 } as const;
/** Between two tries to listen, after one that failed. */
const RETRY_MS = 5_000;
/** A page this young is served again: the counters are read once a second, however many ask. */
const FRESH_MS = 1_000;

export interface MetricsServer {
  /** Where it listens; undefined while it does not. */
  place(): { readonly address: string; readonly port: number } | undefined;
  close(): Promise<void>;
}

export interface MetricsParts {
  readonly clock: Clock;
  memory(): Memory;
  log(text: string): void;
}

/**
 * Serves `/metrics` over HTTP at one address and port. It only reads, knows no secrets and asks no name: who must not read it must not reach it.
 * What goes wrong here is said in the journal and tried again; the rest of the controller does not notice.
 */
export function serveMetrics(
  controller: Controller,
  at: { readonly listen: string; readonly port: number },
  { clock, memory, log }: MetricsParts,
): MetricsServer {
  let page: { readonly made: number; readonly text: Promise<string> } | undefined;
  let said = '';
  let retry: (() => void) | undefined;

  function current(): Promise<string> {
    const now = clock.now();
    if (page === undefined || now - page.made >= FRESH_MS)
      page = { made: now, text: metricsPage(controller, memory()) };
    return page.text;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refuse = (status: number, text: string, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(`${text}\n`);
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refuse(405, 'only GET', { allow: 'GET, HEAD' });
    }
    if (request.url?.split('?')[0] !== '/metrics') return refuse(404, 'the metrics are at /metrics');
    try {
      const text = await current();
      response.writeHead(200, { 'content-type': EXPOSITION_TYPE, 'content-length': Buffer.byteLength(text) });
      response.end(request.method === 'HEAD' ? undefined : text);
    } catch (error) {
      page = undefined;
      log(`the metrics could not be made: ${error instanceof Error ? error.message : String(error)}`);
      refuse(500, 'the metrics could not be made; see the journal');
    }
  }

  const server: Server = createServer(
    {
      maxHeaderSize: LIMITS.headers,
      headersTimeout: LIMITS.headersMs,
      requestTimeout: LIMITS.requestMs,
      keepAliveTimeout: LIMITS.idleMs,
    },
    (request, response) => void answer(request, response),
  );
  server.maxConnections = LIMITS.connections;

  const listen = (): void => void server.listen({ host: at.listen, port: at.port });
  const say = (text: string): void => {
    if (text !== said) log(text);
    said = text;
  };
  server.on('listening', () => say(`metrics at http://${at.listen}:${place()?.port ?? at.port}/metrics`));
  server.on('error', (error) => {
    say(`no metrics at ${at.listen}:${at.port}: ${error.message}`);
    retry?.();
    if (!server.listening) retry = clock.at(clock.now() + RETRY_MS, listen);
  });
  listen();

  function place(): AddressInfo | undefined {
    const found = server.address();
    return found === null || typeof found === 'string' ? undefined : found;
  }

  return {
    place,
    close: () =>
      new Promise((done) => {
        retry?.();
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
