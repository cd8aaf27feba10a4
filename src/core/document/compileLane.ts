import type { PairDocument } from '../../model/document.ts';
import type { Fault } from '../../model/error.ts';
import { fault } from '../../model/faults.ts';
import { type Lane, MAX_ASKED_SERVERS, type Neighbour } from '../../model/lane.ts';
import { contains, formatIp, parseCidr, parseIp } from '../../model/net.ts';
import type { NodeFile } from '../../model/node.ts';
import { peerOf, type Side } from '../../model/pair.ts';

/** `192.0.2.1/24` as an address and its prefix; the document's schema has already refused anything else. */
function split(text: string): { readonly address: string; readonly prefix: number } {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new RangeError(`not an address with a prefix: ${text}`);
  return { address: formatIp(cidr.ip), prefix: cidr.prefix };
}

/**
 * What the pair lane of one box needs of the document: this box's own addresses on its own devices, the floats under their
 * classic labels, the twin's addresses, the beat. `digest` is the hex digest of the canonical document.
 */
export function compileLane(document: PairDocument, node: NodeFile, digest: string): Lane {
  const own = document.nodes[node.name];
  const twin = document.nodes[peerOf(node.name)];
  const deviceOf = (side: Side): string => document.floats[side].device ?? node[side].device;
  const float = (side: Side, alias: number) => ({
    ...split(document.floats[side].address),
    ...float6(document.floats[side].address6),
    device: deviceOf(side),
    label: `${deviceOf(side)}:${alias}`,
  });
  return {
    node: node.name,
    pairName: document.name,
    digest,
    // Two floats on one device need two labels, or nobody can tell them apart in `ip addr`.
    floats: {
      public: float('public', 1),
      private: float('private', deviceOf('public') === deviceOf('private') ? 2 : 1),
    },
    nics: {
      public: { device: node.public.device, ...split(own.public), ...own6(own.public6) },
      private: { device: node.private.device, ...split(own.private), ...own6(own.private6) },
    },
    peer: { public: split(twin.public).address, private: split(twin.private).address },
    neighbours: neighboursOf(document),
    ...heartbeat(document, node),
    serial: { path: node.peer_line, baud: document.heartbeat.serial_baud },
    port: document.heartbeat.port,
    intervalMs: document.heartbeat.interval_ms,
    deadlineMs: document.heartbeat.deadline_ms,
    keyFile: node.key_file,
    ...preference(document),
  };
}

/** Its NIC, and the links: without a NIC for it in the node file, that link is left out (`missingNic` tells). */
function heartbeat(document: PairDocument, node: NodeFile): Pick<Lane, 'heartbeat' | 'links'> {
  const { links } = document.heartbeat;
  const own = document.nodes[node.name].heartbeat;
  const twin = document.nodes[peerOf(node.name)].heartbeat;
  if (!links.includes('heartbeat')) return { links };
  if (own === undefined || twin === undefined || node.heartbeat === undefined) {
    return { links: links.filter((link) => link !== 'heartbeat') };
  }
  return { links, heartbeat: { device: node.heartbeat.device, ...split(own), peer: split(twin).address } };
}

/** The document's heartbeat NIC that this box's node file does not name; undefined when nothing is missing. */
export function missingNic(document: PairDocument, node: NodeFile): Fault | undefined {
  const index = document.heartbeat.links.indexOf('heartbeat');
  if (index < 0 || node.heartbeat !== undefined) return undefined;
  const remedy = `router ${node.name} does without it: name its NIC in /etc/tandem/node.yaml, \`heartbeat: { device: eth2 }\``;
  return fault(['heartbeat', 'links', index], 'heartbeat', remedy);
}

const own6 = (text: string | undefined) => (text === undefined ? {} : { address6: split(text) });

/** With prefix 128: the way into the network is the own address's, so that nothing of it hangs on the float's lifetime. */
const float6 = (text: string | undefined) =>
  text === undefined ? {} : { address6: { address: split(text).address, prefix: 128 } };

/**
 * Who has to find the floats at their new owner: the gateway, and the first real servers whose way back is the private
 * float. What is not in the float's own network never asks for its MAC.
 */
function neighboursOf(document: PairDocument): Neighbour[] {
  const near = (side: Side, text: string): boolean => {
    const [network, ip] = [parseCidr(document.floats[side].address), parseIp(text)];
    return network !== undefined && ip !== undefined && contains(network, ip);
  };
  const servers = new Set<string>();
  for (const { servers: all } of document.services) {
    for (const { address, forwarding } of all) {
      if (servers.size < MAX_ASKED_SERVERS && forwarding === 'masquerade' && near('private', address))
        servers.add(address);
    }
  }
  const gateway = document.gateway !== undefined && near('public', document.gateway) ? [document.gateway] : [];
  return [
    ...gateway.map((address): Neighbour => ({ side: 'public', address, kind: 'gateway' })),
    ...[...servers].map((address): Neighbour => ({ side: 'private', address, kind: 'server' })),
  ];
}

function preference({ failover }: PairDocument): Pick<Lane, 'preference'> {
  if (failover?.preferred === undefined) return {};
  return { preference: { node: failover.preferred, afterMs: 1000 * failover.prefer_after_s } };
}
