import type { PairDocument, RealServer, VirtualService } from '../../model/document.ts';
import type { Destination } from '../../model/ipvs.ts';
import type { Lane } from '../../model/lane.ts';
import type { DesiredService, DesiredState } from './types.ts';

/** How long a removed server may keep its connections, in ms. */
export const DRAIN_MS = 300_000;

/**
 * What the kernel of one box should hold for a document. Both boxes hold the same services at all times: the standby's
 * table is loaded and checked before it is needed.
 *
 * A server that is down keeps its place with weight 0, so that its connections survive a check that was wrong. With UDP it
 * is deleted at once: there is no connection to save, and only a deleted server's clients move on. One that an operator
 * drains keeps its place in either case, because its clients are served as long as they stay.
 * @param lane the same document as the pair lane sees it, for this box's devices and addresses
 */
export function desiredState(
  document: PairDocument,
  lane: Lane,
  isUp: (service: VirtualService, server: RealServer) => boolean,
  isDrained: (service: VirtualService, server: RealServer) => boolean = () => false,
): DesiredState {
  const syncId = syncIdOf(document.name);
  const device = lane.nics.private.device;
  return {
    services: document.services.map((service) =>
      desiredService(
        service,
        (server) => isUp(service, server),
        (server) => isDrained(service, server),
      ),
    ),
    // The kernel holds one master and one backup side by side (ip_vs_sync.c: IP_VS_STATE_MASTER and _BACKUP are bits of
    // one mask). A master reports only connections whose packets it sees, so the active's talks and the standby's is
    // silent: with both on both boxes the direction follows the floats and no switchover has to touch the daemons.
    daemons: [
      { role: 'master', device, syncId },
      { role: 'backup', device, syncId },
    ],
    nics: [lane.nics.public, lane.nics.private].flatMap(({ device, address, prefix, address6 }) => [
      { device, address, prefix },
      ...(address6 === undefined ? [] : [{ device, ...address6 }]),
    ]),
    floats: [lane.floats.public, lane.floats.private].flatMap(({ device, address, address6 }) => [
      { address, device },
      ...(address6 === undefined ? [] : [{ address: address6.address, device }]),
    ]),
    gateway:
      document.gateway === undefined ? undefined : { address: document.gateway, device: lane.nics.public.device },
    drainMs: DRAIN_MS,
  };
}

function desiredService(
  service: VirtualService,
  isUp: (server: RealServer) => boolean,
  isDrained: (server: RealServer) => boolean,
): DesiredService {
  const udp = service.protocol === 'udp';
  const kept = service.servers.filter((server) => !udp || isUp(server));
  return {
    protocol: service.protocol,
    address: service.address,
    port: service.port,
    scheduler: service.scheduler,
    schedulerFlags: [],
    persistence: service.persistence_s,
    onePacket: service.one_packet,
    destinations: kept.map((server) => destinationOf(server, isUp(server) && !isDrained(server) ? server.weight : 0)),
    failed: service.servers.filter((server) => udp && !isUp(server)).map(({ address, port }) => ({ address, port })),
  };
}

const destinationOf = (server: RealServer, weight: number): Destination => ({
  address: server.address,
  port: server.port,
  forwarding: server.forwarding,
  weight,
  upper: 0,
  lower: 0,
});

/** 1 to 255, the same on both boxes; keeps two pairs on one network from feeding each other's tables. */
function syncIdOf(pairName: string): number {
  let hash = 0;
  for (const letter of pairName) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return 1 + (hash % 255);
}
