import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { argon2Hasher } from '../../firmware/password.ts';
import { LINKS, type NodeId } from '../../src/model/pair.ts';
import type { SeedFile } from '../build/data.ts';
import { accelerator } from '../vm/start.ts';
import { DEVICES, HEARTBEAT, NODES } from './figure.ts';
import { checkout } from './place.ts';

const nodeFile = (node: NodeId): string => `name: ${node}
public: { device: ${DEVICES.public} }
private: { device: ${DEVICES.private} }
heartbeat: { device: ${DEVICES.heartbeat} }
peer_line: /dev/ttyS1
key_file: /etc/tandem/pair.key
`;

/**
 * An emulated processor is some forty times slower than the slowest box: at the default beat of 20 ms heartbeats alone
 * would take half of it. The rack beats half as often and keeps the smallest deadline that allows.
 */
const EMULATED = { interval_ms: 50, deadline_ms: 150 };

/** The same, for whoever types it. */
export const rackBeat = { interval: EMULATED.interval_ms, deadline: EMULATED.deadline_ms };

async function rackDocument(deadline: number | undefined): Promise<string> {
  const document = parseDocument(await readFile(join(checkout, 'docs/example.yaml'), 'utf8'));
  const asked = deadline === undefined ? undefined : { interval_ms: Math.floor(deadline / 4), deadline_ms: deadline };
  const beat = asked ?? ((await accelerator()) === 'tcg' ? EMULATED : {});
  for (const [key, value] of Object.entries(beat)) document.setIn(['heartbeat', key], value);
  for (const node of NODES) document.setIn(['nodes', node, 'heartbeat'], `${HEARTBEAT[node]}/30`);
  document.setIn(['heartbeat', 'links'], LINKS);
  return document.toString();
}

/** Disks of boxes as they leave the factory. */
export const unconfigured: Readonly<Record<NodeId, readonly SeedFile[]>> = { a: [], b: [] };

/** What both boxes' own disks begin with: the example document, a key and the admin password of this rack alone. */
export async function seeds(
  password: string,
  deadline: number | undefined,
): Promise<Readonly<Record<NodeId, readonly SeedFile[]>>> {
  const document = await rackDocument(deadline);
  const key = `${randomBytes(32).toString('hex')}\n`;
  const admin = `${await argon2Hasher.hash(password)}\n`;
  const of = (node: NodeId): SeedFile[] => [
    { path: 'etc/node.yaml', content: nodeFile(node) },
    { path: 'etc/pair.key', content: key, mode: 0o600 },
    { path: 'etc/seed.yaml', content: document },
    { path: 'admin.argon2', content: admin, mode: 0o600 },
  ];
  return { a: of('a'), b: of('b') };
}
