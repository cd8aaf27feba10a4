import type { PairDocument } from '../../model/document.ts';
import type { IpvsState } from '../../model/ipvs.ts';
import { kernelKey } from '../../model/service.ts';
import { serviceId } from '../reconcile/keys.ts';

/** Row 0 is all services together; then come the services, then the servers, each in the document's order. */
export interface Row {
  /** `` = all services, `web` = a service, `web/s2` = a server: by the document's names. */
  readonly name: string;
  readonly kind: 'total' | 'service' | 'server';
  /** Name and place in the kernel's table: rows with equal identities count the same thing. */
  readonly identity: string;
  /** Its service's row; of a service its own. */
  readonly service: number;
}

/** What is counted under a document, and where in the kernel's table it stands. */
export interface Layout {
  readonly rows: readonly Row[];
  /** Where the row of that name is. */
  readonly rowOf: ReadonlyMap<string, number>;
  /** By the kernel's key of a service: its row, and its servers' rows by address and port. */
  readonly places: ReadonlyMap<string, { readonly row: number; readonly servers: ReadonlyMap<string, number> }>;
}

/** Counters of a row, in this order, wherever they stand in an array. */
export const COUNTERS = ['connections', 'packetsIn', 'packetsOut', 'bytesIn', 'bytesOut'] as const;
export const WIDTH = COUNTERS.length;

/** One look at the kernel's table, row by row. */
export interface Reading {
  /** 1 = the kernel has this row. */
  readonly present: Uint8Array;
  /** `WIDTH` of each row. */
  readonly counters: Float64Array;
  readonly active: Float64Array;
  readonly inactive: Float64Array;
  readonly weight: Float64Array;
}

const TOTAL: Row = { name: '', kind: 'total', identity: '', service: 0 };

export const emptyLayout: Layout = { rows: [TOTAL], rowOf: new Map([['', 0]]), places: new Map() };

export function layoutOf(document: Pick<PairDocument, 'services'>): Layout {
  const rows: Row[] = [TOTAL];
  for (const service of document.services) {
    const identity = `${service.name} ${serviceId(kernelKey(service))}`;
    rows.push({ name: service.name, kind: 'service', identity, service: rows.length });
  }
  const places = new Map<string, { row: number; servers: Map<string, number> }>();
  for (const [index, service] of document.services.entries()) {
    const servers = new Map<string, number>();
    const row = index + 1;
    const key = serviceId(kernelKey(service));
    for (const server of service.servers) {
      const place = `${server.address}:${server.port}`;
      const name = `${service.name}/${server.name}`;
      servers.set(place, rows.length);
      rows.push({ name, kind: 'server', identity: `${name} ${key} ${place}`, service: row });
    }
    places.set(key, { row, servers });
  }
  return { rows, rowOf: new Map(rows.map(({ name }, row) => [name, row])), places };
}

type Counted = Pick<PairDocument, 'services'>;

/** Both documents have the same layout: the same services and servers, by name and place, in the same order. */
export const isLaidOutAs = (one: Counted, other: Counted): boolean =>
  one.services.length === other.services.length &&
  one.services.every((service, index) => {
    const as = other.services[index]!;
    if (service === as) return true;
    if (service.name !== as.name || serviceId(kernelKey(service)) !== serviceId(kernelKey(as))) return false;
    return (
      service.servers.length === as.servers.length &&
      service.servers.every((server, which) => {
        const { name, address, port } = as.servers[which]!;
        return server.name === name && server.address === address && server.port === port;
      })
    );
  });

export const emptyReading = (rows: number): Reading => ({
  present: new Uint8Array(rows),
  counters: new Float64Array(rows * WIDTH),
  active: new Float64Array(rows),
  inactive: new Float64Array(rows),
  weight: new Float64Array(rows),
});

/** The kernel's table in rows; what the document does not name is left out. The total's own counters stay 0. */
export function readingOf(layout: Layout, ipvs: Pick<IpvsState, 'services'>): Reading {
  const reading = emptyReading(layout.rows.length);
  const put = (row: number, counters: Readonly<Record<(typeof COUNTERS)[number], number>>): void => {
    reading.present[row] = 1;
    const at = row * WIDTH;
    reading.counters[at] = counters.connections;
    reading.counters[at + 1] = counters.packetsIn;
    reading.counters[at + 2] = counters.packetsOut;
    reading.counters[at + 3] = counters.bytesIn;
    reading.counters[at + 4] = counters.bytesOut;
  };
  const { active, inactive, weight } = reading;
  reading.present[0] = 1;
  for (const service of ipvs.services) {
    const place = layout.places.get(serviceId(service));
    if (place === undefined) continue;
    put(place.row, service.counters);
    for (const destination of service.destinations) {
      const row = place.servers.get(`${destination.address}:${destination.port}`);
      if (row === undefined) continue;
      put(row, destination.counters);
      weight[row] = destination.weight;
      for (const sum of [row, place.row, 0]) {
        active[sum] = active[sum]! + destination.active;
        inactive[sum] = inactive[sum]! + destination.inactive;
      }
    }
  }
  return reading;
}
