import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument as parseYaml } from 'yaml';
import { argon2Hasher } from '../../firmware/password.ts';
import type { PairDocument } from '../../src/model/document.ts';
import { LINKS, type NodeId } from '../../src/model/pair.ts';
import { parseDocument } from '../../src/model/parseDocument.ts';
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
 * An emulated processor is some forty times slower than the slowest box: at the default beat of 12 ms heartbeats alone
 * would take most of it. The rack beats a quarter as often and keeps the smallest deadline that allows.
 */
const EMULATED = { interval_ms: 50, deadline_ms: 150 };

/** The same, for whoever types it. */
export const rackBeat = { interval: EMULATED.interval_ms, deadline: EMULATED.deadline_ms };

/** The document's `failover`; left out, there is no preference. */
export interface Preference {
  readonly preferred: NodeId;
  readonly prefer_after_s: number;
}

/** What is not as the example document has it. */
export interface Differences {
  readonly failover?: Preference | undefined;
  /** Of the heartbeat, ms; left out, the rack's own: `EMULATED`, or the example's on a real processor. */
  readonly deadline?: number | undefined;
}

/** Whether the boxes' processors are emulated, so that the deadline has to suit the machine. */
export const emulated = async (): Promise<boolean> => (await accelerator()) === 'tcg';

const beatFor = (deadline: number) =>
  deadline === EMULATED.deadline_ms ? EMULATED : { interval_ms: Math.floor(deadline / 4), deadline_ms: deadline };

/** The rack's document: the example with what an emulated rack, or `differences`, ask for. @throws when there is no example. */
export async function documentText({ failover, deadline }: Differences = {}): Promise<string> {
  const document = parseYaml(await readFile(join(checkout, 'docs/example.yaml'), 'utf8'));
  const beat = deadline === undefined ? ((await emulated()) ? EMULATED : {}) : beatFor(deadline);
  for (const [key, value] of Object.entries(beat)) document.setIn(['heartbeat', key], value);
  for (const node of NODES) document.setIn(['nodes', node, 'heartbeat'], `${HEARTBEAT[node]}/30`);
  document.setIn(['heartbeat', 'links'], LINKS);
  if (failover !== undefined) document.set('failover', failover);
  return document.toString();
}

/**
 * The document that the boxes begin with, read as they read it.
 * @param deadline as in `Differences`
 * @throws when the example is none.
 */
export async function rackDocument(deadline?: number): Promise<PairDocument> {
  const parsed = parseDocument(await documentText({ deadline }));
  if (!parsed.ok) throw new Error(`docs/example.yaml is no document: ${JSON.stringify(parsed.faults)}`);
  return parsed.document;
}

/** Disks of boxes as they leave the factory. */
export const unconfigured: Readonly<Record<NodeId, readonly SeedFile[]>> = { a: [], b: [] };

/**
 * What both boxes' own disks begin with: the example document, a key, and the admin password of this rack alone.
 * @param password undefined = none: nobody gets into the web consoles.
 */
export async function seeds(
  password: string | undefined,
  differences: Differences = {},
): Promise<Readonly<Record<NodeId, readonly SeedFile[]>>> {
  const document = await documentText(differences);
  const key = `${randomBytes(32).toString('hex')}\n`;
  const admin: SeedFile[] = [];
  if (password !== undefined) {
    admin.push({ path: 'admin.argon2', content: `${await argon2Hasher.hash(password)}\n`, mode: 0o600 });
  }
  const of = (node: NodeId): SeedFile[] => [
    { path: 'etc/node.yaml', content: nodeFile(node) },
    { path: 'etc/pair.key', content: key, mode: 0o600 },
    { path: 'etc/seed.yaml', content: document },
    ...admin,
  ];
  return { a: of('a'), b: of('b') };
}
