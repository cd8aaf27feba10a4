import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as secure } from 'node:tls';
import { TandemError } from '../../src/model/error.ts';
import type { NodeId } from '../../src/model/pair.ts';
import { NODES, PRIVATE } from './figure.ts';
import type { Place } from './place.ts';

/**
 * The way from a browser on this machine to the boxes' web consoles, into a world without an uplink: a loopback port of
 * this machine leads to a Unix socket, which namespaces of networks do not hold back, and from there inside to the box.
 */

/** Taken when they are free, so that a browser finds the console again after the rack's next start. */
const USUAL: Readonly<Record<NodeId, number>> = { a: 8443, b: 8444 };
const HTTPS = 443;
/** One handshake with an emulated box, both of them after the pair is whole, and between two tries. */
const PATIENCE_MS = 10_000;
const ANSWERS_MS = 180_000;
const PAUSE_MS = 250;
/** A browser and its tabs. */
const MOST = 64;

/** How a person reaches the consoles of this rack. */
export interface Web {
  readonly urls: Readonly<Record<NodeId, string>>;
  /** Of this rack alone, made at its start; undefined = the boxes ask for one on their serial consoles. */
  readonly password: string | undefined;
}

const socketOf = (place: Place, node: NodeId): string => join(place.dir, `${node}.console`);

/** Each side ends the other, however it ends. */
function tie(left: Socket, right: Socket): void {
  left.pipe(right);
  right.pipe(left);
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    one.on('error', () => {});
    one.once('close', () => other.destroy());
  }
}

function relay(to: () => Socket): Server {
  const server = createServer((socket) => tie(socket, to()));
  server.maxConnections = MOST;
  return server;
}

async function listening(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

/** Outside: opens the loopback ports. They are closed with this process. @returns the URLs. */
export async function openPorts(place: Place): Promise<Web['urls']> {
  const open = async (node: NodeId): Promise<string> => {
    const server = relay(() => connect(socketOf(place, node)));
    server.unref();
    try {
      await listening(server, USUAL[node]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      await listening(server, 0);
    }
    return `https://127.0.0.1:${(server.address() as { port: number }).port}/`;
  };
  return { a: await open('a'), b: await open('b') };
}

/** Inside: leads on to the boxes. */
export async function leadOn(place: Place): Promise<void> {
  for (const node of NODES) {
    const server = relay(() => connect(HTTPS, PRIVATE[node]));
    server.listen(socketOf(place, node));
    await once(server, 'listening');
  }
}

/** One TLS handshake; whose certificate it is does not matter here. */
const answers = (node: NodeId): Promise<boolean> =>
  new Promise((done) => {
    const socket = secure({ host: PRIVATE[node], port: HTTPS, rejectUnauthorized: false, timeout: PATIENCE_MS });
    const conclude = (ok: boolean) => (): void => {
      socket.destroy();
      done(ok);
    };
    socket.once('secureConnect', conclude(true));
    socket.on('error', conclude(false));
    socket.once('timeout', conclude(false));
  });

/** Inside: resolves when both consoles answer; at its first start a box makes its certificate. @throws TandemError. */
export async function consolesAnswer(): Promise<void> {
  const limit = performance.now() + ANSWERS_MS;
  for (const node of NODES) {
    while (!(await answers(node))) {
      if (performance.now() > limit) {
        const remedy = `look with \`npm run rack -- exec ${node} -- journalctl -u tandem-controller\``;
        throw new TandemError('unreachable', `the web console of ${node} does not answer`, { remedy });
      }
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  }
}

/** Lines for a person. */
export const webLines = ({ urls, password }: Web): string[] => [
  ...NODES.map((node) => `web console of ${node}: ${urls[node]}`),
  password === undefined
    ? 'its password: as the serial console is told'
    : `its password, of this rack alone: ${password}`,
];
