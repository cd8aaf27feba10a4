import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createProber } from '../../../../firmware/health/prober.ts';
import type { Question } from '../../../../src/model/check.ts';
import type { ProbeAnswer } from '../../../../src/ports/health.ts';

/** Real servers on loopback, and the prober that asks them. */

export const LOOPBACK = '127.0.0.1';
/** Long enough for a slow machine; a test that waits for it gives its own. */
const TIMEOUT_MS = 5000;

export const prober = createProber({ icmpId: process.pid % 65_536, scripts: '/nowhere/tandem-check.sock' });

export const ask = (question: Question, port: number, timeout = TIMEOUT_MS, address = LOOPBACK): Promise<ProbeAnswer> =>
  new Promise((done) => prober.ask({ address, port, timeout, question }, done));

export interface Peer {
  readonly port: number;
  readonly close: () => void;
}

/** A TCP server that does with each connection what `serve` says. */
export async function tcpServer(serve: (socket: Socket) => void = () => {}): Promise<Peer & { server: Server }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
    serve(socket);
  });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const close = (): void => {
    for (const socket of open) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, close, server };
}

/** A port that nobody listens on. */
export async function closedPort(): Promise<number> {
  const { port, server } = await tcpServer();
  await new Promise((done) => server.close(done));
  return port;
}
