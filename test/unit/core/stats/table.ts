import type { PairDocument } from '../../../../src/model/document.ts';
import type { Counters, IpvsState, ObservedDestination, ObservedService } from '../../../../src/model/ipvs.ts';

export const ZERO: Counters = { connections: 0, packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0 };

export const plus = (one: Counters, other: Counters): Counters => ({
  connections: one.connections + other.connections,
  packetsIn: one.packetsIn + other.packetsIn,
  packetsOut: one.packetsOut + other.packetsOut,
  bytesIn: one.bytesIn + other.bytesIn,
  bytesOut: one.bytesOut + other.bytesOut,
});

/** As much of a document as statistics look at: `{ web: ['s1', 's2'] }`, services on ports from 80 on. */
export function documentOf(services: Readonly<Record<string, readonly string[]>>): Pick<PairDocument, 'services'> {
  return {
    services: Object.entries(services).map(([name, servers], index) => ({
      name,
      protocol: 'tcp',
      address: '198.51.100.10',
      port: 80 + index,
      servers: servers.map((server) => ({ name: server, address: `192.0.2.${server.slice(1)}`, port: 8080 })),
    })) as unknown as PairDocument['services'],
  };
}

export const destination = (server: string, counters: Counters, active = 0, inactive = 0): ObservedDestination => ({
  address: `192.0.2.${server.slice(1)}`,
  port: 8080,
  forwarding: 'masquerade',
  weight: 1,
  upper: 0,
  lower: 0,
  active,
  inactive,
  persistent: 0,
  counters,
});

export function service(
  port: number,
  counters: Counters,
  destinations: readonly ObservedDestination[],
): ObservedService {
  const key = { protocol: 'tcp', address: '198.51.100.10', port } as const;
  const rest = { scheduler: 'rr', schedulerFlags: [], persistence: 0, onePacket: false } as const;
  return { ...key, ...rest, counters, destinations } as ObservedService;
}

export const tableOf = (...services: ObservedService[]): Pick<IpvsState, 'services'> => ({ services });
