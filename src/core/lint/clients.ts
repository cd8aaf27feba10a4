import type { PairDocument, RealServer, VirtualService } from '../../model/document.ts';
import { type Finding, someOf } from '../../model/lint.ts';
import { type Cidr, contains, formatCidr, networkOf, parseCidr, parseIp } from '../../model/net.ts';
import type { Balanced } from '../../model/nic.ts';

/**
 * Clients whom the real servers do not answer through this router: neighbours of a masqueraded server. The kernel rewrites
 * the way there, and the way back does not come by it.
 */

/** How long such a client is told of after it was last seen, ms. */
const KEEP_MS = 600_000;
/** Clients that are remembered. */
const MAX_CLIENTS = 256;

export interface SeenClient {
  readonly service: string;
  readonly client: string;
  /** The client is a real server itself, by this name; undefined = another neighbour. */
  readonly name: string | undefined;
  /** The server that was chosen for it. */
  readonly server: string;
  /** Monotonic ms. */
  readonly at: number;
}

/** By service and client. */
export type SeenClients = ReadonlyMap<string, SeenClient>;

const networksOf = ({ floats, nodes }: PairDocument): Cidr[] =>
  [floats.private.address, floats.private.address6, nodes.a.private, nodes.a.private6].flatMap((text) => {
    const cidr = text === undefined ? undefined : parseCidr(text);
    return cidr === undefined ? [] : [networkOf(cidr)];
  });

const inside = (networks: readonly Cidr[], address: string): boolean => {
  const ip = parseIp(address);
  return ip !== undefined && networks.some((network) => contains(network, ip));
};

interface Place {
  readonly service: VirtualService;
  readonly server: RealServer;
}

function serversByAddress(document: PairDocument): Map<string, Place[]> {
  const places = new Map<string, Place[]>();
  for (const service of document.services) {
    for (const server of service.servers) {
      const list = places.get(server.address);
      if (list === undefined) places.set(server.address, [{ service, server }]);
      else list.push({ service, server });
    }
  }
  return places;
}

/** What is known of such clients after these connections were looked at. @param now monotonic ms */
export function watchClients(
  before: SeenClients,
  connections: readonly Balanced[],
  document: PairDocument,
  now: number,
): SeenClients {
  const networks = networksOf(document);
  const kept = new Map([...before].filter(([, { at }]) => now - at < KEEP_MS));
  const near = connections.filter(({ client, server }) => inside(networks, client) && inside(networks, server));
  if (near.length === 0) return kept;
  const places = serversByAddress(document);
  for (const { client, address, server } of near) {
    const found = (places.get(server) ?? []).filter(({ server: { forwarding } }) => forwarding === 'masquerade');
    const place = found.find(({ service }) => (service.addresses ?? [service.address]).includes(address)) ?? found[0];
    if (place === undefined) continue;
    const { name } = place.service;
    const key = `${name} ${client}`;
    if (!kept.has(key) && kept.size >= MAX_CLIENTS) continue;
    const caller = places.get(client)?.[0]?.server.name;
    kept.set(key, { service: name, client, name: caller, server: place.server.name, at: now });
  }
  return kept;
}

/** A finding for each service and kind of client. */
export function clientFindings(seen: SeenClients): Finding[] {
  const groups = Map.groupBy(
    seen.values(),
    ({ service, name }) => `${name === undefined ? 'clients-beside-servers' : 'hairpin-clients'} ${service}`,
  );
  return [...groups.values()].map((clients): Finding => {
    const { service, name, server } = clients[0]!;
    const who = someOf(
      clients.map((each) => (each.name === undefined ? each.client : `${each.name} (${each.client})`)),
    );
    return name === undefined
      ? {
          code: 'clients-beside-servers',
          subject: service,
          text: `${who} called ${service} out of the servers’ own network, and got ${server}`,
        }
      : {
          code: 'hairpin-clients',
          subject: service,
          text: `the real server ${who} called ${service} itself, and got ${server}`,
        };
  });
}

/** As the document alone tells: services at an address that the servers' neighbours use, with servers among them. */
export function servicesBeside(
  document: PairDocument,
): (Finding & { readonly index: number; readonly address: string })[] {
  const networks = networksOf(document);
  return document.services.flatMap((service, index) => {
    if (service.fwmark !== undefined) return [];
    const address = (service.addresses ?? [service.address]).find((each) => inside(networks, each));
    const servers = service.servers.filter(
      (server) => server.forwarding === 'masquerade' && inside(networks, server.address),
    );
    if (address === undefined || servers.length === 0) return [];
    const network = networks.find((each) => inside([each], address))!;
    const text = `${service.name} is at ${address}, in the network ${formatCidr(network)} of its servers ${someOf(servers.map(({ name }) => name))}`;
    return [{ code: 'clients-beside-servers' as const, subject: service.name, text, index, address }];
  });
}
