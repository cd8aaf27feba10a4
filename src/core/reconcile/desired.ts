import type { PairDocument, RealServer, VirtualService } from '../../model/document.ts';
import type { Destination, Tunnel } from '../../model/ipvs.ts';
import type { Lane } from '../../model/lane.ts';
import type { MarkEntry } from '../../model/marks.ts';
import { kernelKey, rangeOf } from '../../model/service.ts';
import { shareOfWeight } from '../health/slowStart.ts';
import { guardFor } from './guard.ts';
import type { DesiredService, DesiredState } from './types.ts';

/** Any will do: nobody else has one while it is used. */
const SORRY_WEIGHT = 1;

/** What is used of servers that are up. */
export interface Use {
  /** Percent of its weight that a server has at present, 0 to 100; absent = all. */
  readonly share?: (service: VirtualService, server: RealServer) => number;
  /** false: new clients go to the sorry server; absent = true. */
  readonly hasQuorum?: (service: VirtualService) => boolean;
}

/** How long a removed server may keep its connections, in ms. */
export const DRAIN_MS = 300_000;

/** What the kernel begins with, and goes back to when the document stops saying otherwise (ip_vs_proto_tcp.c, _udp.c). */
const KERNEL_TIMEOUTS = { tcp: 900, tcpFin: 120, udp: 300 } as const;

/**
 * What the kernel of one box should hold for a document. Both boxes hold the same services at all times: the standby's
 * table is loaded and checked before it is needed.
 *
 * A server that is down keeps its place with weight 0, so that its connections survive a check that was wrong. With UDP it
 * is deleted at once: there is no connection to save, and only a deleted server's clients move on. One that an operator
 * drains keeps its place in either case, because its clients are served as long as they stay. So does one that is up while
 * its service has no quorum: new clients go to the sorry server, and those that it has are served.
 * @param lane the same document as the pair lane sees it, for this box's devices and addresses
 */
export function desiredState(
  document: PairDocument,
  lane: Lane,
  isUp: (service: VirtualService, server: RealServer) => boolean,
  isDrained: (service: VirtualService, server: RealServer) => boolean = () => false,
  use: Use = {},
): DesiredState {
  const syncId = syncIdOf(document.name);
  const device = lane.nics.private.device;
  return {
    services: document.services.map((service) =>
      desiredService(
        service,
        (server) => isUp(service, server),
        (server) => isDrained(service, server),
        use,
      ),
    ),
    marks: document.services.flatMap(marksOf),
    guard: guardFor(document, lane),
    // The kernel holds one master and one backup side by side (ip_vs_sync.c: IP_VS_STATE_MASTER and _BACKUP are bits of
    // one mask). A master reports only connections whose packets it sees, so the active's talks and the standby's is
    // silent: with both on both boxes the direction follows the floats and no switchover has to touch the daemons.
    daemons: [
      { role: 'master', device, syncId },
      { role: 'backup', device, syncId },
    ],
    timeouts: {
      tcp: document.timeouts?.tcp_s ?? KERNEL_TIMEOUTS.tcp,
      tcpFin: document.timeouts?.tcpfin_s ?? KERNEL_TIMEOUTS.tcpFin,
      udp: document.timeouts?.udp_s ?? KERNEL_TIMEOUTS.udp,
    },
    nics: [lane.nics.public, lane.nics.private, ...(lane.heartbeat === undefined ? [] : [lane.heartbeat])].flatMap(
      ({ device, address, prefix, address6 }: Lane['nics']['public']) => [
        { device, address, prefix },
        ...(address6 === undefined ? [] : [{ device, ...address6 }]),
      ],
    ),
    floats: [lane.floats.public, lane.floats.private].flatMap(({ device, address, address6 }) => [
      { address, device },
      ...(address6 === undefined ? [] : [{ address: address6.address, device }]),
    ]),
    gateway:
      document.gateway === undefined ? undefined : { address: document.gateway, device: lane.nics.public.device },
    drainMs: DRAIN_MS,
  };
}

/** Every pair of an address and a port range of a service that goes by a mark, none for a mark of a person's own rules. */
function marksOf({ protocol, mark, fwmark, address, addresses, ports }: VirtualService): MarkEntry[] {
  if (mark === undefined || fwmark !== undefined) return [];
  return (addresses ?? [address]).flatMap((one) =>
    (ports ?? []).map((range) => ({ protocol, address: one, ...rangeOf(range), mark })),
  );
}

/** One service of `desiredState`. */
export function desiredService(
  service: VirtualService,
  isUp: (server: RealServer) => boolean,
  isDrained: (server: RealServer) => boolean,
  use: Use,
): DesiredService {
  const share = (server: RealServer): number => use.share?.(service, server) ?? 100;
  const quorum = use.hasQuorum?.(service) ?? true;
  const udp = service.protocol === 'udp';
  const sorry = quorum ? undefined : service.sorry_server;
  const weight = (server: RealServer): number =>
    sorry === undefined && isUp(server) && !isDrained(server) ? shareOfWeight(server.weight, share(server)) : 0;
  const kept = service.servers.filter((server) => !udp || isUp(server));
  return {
    ...kernelKey(service),
    scheduler: service.scheduler,
    schedulerFlags: (service.scheduler_flags ?? []).map((flag) => (flag.endsWith('-port') ? 'flag-2' : 'flag-1')),
    persistence: service.persistence_s,
    onePacket: service.one_packet,
    ...netmaskOf(service),
    ...(service.persistence_engine === undefined ? {} : { engine: service.persistence_engine }),
    destinations: [
      ...(sorry === undefined ? [] : [destinationOf(sorry, SORRY_WEIGHT)]),
      ...kept.map((server) => destinationOf(server, weight(server))),
    ],
    failed: service.servers.filter((server) => udp && !isUp(server)).map(({ address, port }) => ({ address, port })),
  };
}

type Target = Pick<RealServer, 'address' | 'port' | 'forwarding'> & Partial<RealServer>;

const destinationOf = (server: Target, weight: number): Destination => ({
  address: server.address,
  port: server.port,
  forwarding: server.forwarding,
  weight,
  upper: server.u_threshold ?? 0,
  lower: server.l_threshold ?? 0,
  ...tunnelOf(server),
});

/** Absent for that of a single address: the kernel's read-back does not tell it from none. */
function netmaskOf(service: VirtualService): { readonly netmask?: string } {
  const netmask = service.persistence_netmask;
  const single = netmask === undefined || netmask === 128 || netmask === '255.255.255.255';
  return single || service.persistence_s === 0 ? {} : { netmask: String(netmask) };
}

function tunnelOf({ tun_type: type, tun_port: port = 0, tun_csum: checksum = 'none' }: Target): {
  readonly tunnel?: Tunnel;
} {
  if (type === 'gue') return { tunnel: { type, port, checksum } };
  if (type === 'gre') return { tunnel: { type, checksum: checksum === 'csum' ? 'csum' : 'none' } };
  return {};
}

/** 1 to 255, the same on both boxes; keeps two pairs on one network from feeding each other's tables. */
function syncIdOf(pairName: string): number {
  let hash = 0;
  for (const letter of pairName) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return 1 + (hash % 255);
}
