import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
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

/** Lines for a person. */
export const webLines = ({ urls, password }: Web): string[] => [
  ...NODES.map((node) => `web console of ${node}: ${urls[node]}`),
  password === undefined
    ? 'its password: as the serial console is told'
    : `its password, of this rack alone: ${password}`,
];
