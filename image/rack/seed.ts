import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeId } from '../../src/model/pair.ts';
import type { SeedFile } from '../build/data.ts';
import { DEVICES } from './figure.ts';
import { checkout } from './place.ts';

const nodeFile = (node: NodeId): string => `name: ${node}
public: { device: ${DEVICES.public} }
private: { device: ${DEVICES.private} }
peer_line: /dev/ttyS1
key_file: /etc/tandem/pair.key
`;

/** What both boxes' own disks begin with: the example document, and a key that only this rack has. */
export async function seeds(): Promise<Readonly<Record<NodeId, readonly SeedFile[]>>> {
  const document = await readFile(join(checkout, 'docs/example.yaml'));
  const key = `${randomBytes(32).toString('hex')}\n`;
  const of = (node: NodeId): SeedFile[] => [
    { path: 'etc/node.yaml', content: nodeFile(node) },
    { path: 'etc/pair.key', content: key, mode: 0o600 },
    { path: 'etc/seed.yaml', content: document },
  ];
  return { a: of('a'), b: of('b') };
}
