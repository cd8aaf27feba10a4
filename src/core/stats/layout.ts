import type { PairDocument } from '../../model/document.ts';
import type { Counters, IpvsState } from '../../model/ipvs.ts';
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
  /** By the kernel's key of a service. */
  readonly places: ReadonlyMap<string, Place>;
}

interface Place {
  /** Of the service. */
  readonly row: number;
  /** By address and port. */
  readonly servers: ReadonlyMap<string, number>;
  /** The first of its servers' rows, which follow each other, and the one behind the last. */
  readonly first: number;
  readonly end: number;
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
  const places = new Map<string, Place>();
  for (const [index, service] of document.services.entries()) {
    const servers = new Map<string, number>();
    const row = index + 1;
    const first = rows.length;
    const key = serviceId(kernelKey(service));
    for (const server of service.servers) {
      const place = `${server.address}:${server.port}`;
      const name = `${service.name}/${server.name}`;
      servers.set(place, rows.length);
      rows.push({ name, kind: 'server', identity: `${name} ${key} ${place}`, service: row });
    }
    places.set(key, { row, servers, first, end: rows.length });
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

/** A table and what was read of it, under one layout. */
export interface Read {
  readonly layout: Layout;
  readonly services: IpvsState['services'];
  readonly reading: Reading;
}

/**
 * The kernel's table in rows; what the document does not name is left out. The total's own counters stay 0.
 * @param before the last one: a service that is the same object as there is not read again.
 */
export function readingOf(layout: Layout, ipvs: Pick<IpvsState, 'services'>, before?: Read): Reading {
  const reading = emptyReading(layout.rows.length);
  reading.present[0] = 1;
  const known = before?.layout === layout ? before : undefined;
  for (const [index, service] of ipvs.services.entries()) {
    const place = layout.places.get(serviceId(service));
    if (place === undefined) continue;
    if (known !== undefined && known.services[index] === service) copyRows(known.reading, reading, place);
    else readRows(service, reading, place);
    for (const sums of [reading.active, reading.inactive]) sums[0] = sums[0]! + sums[place.row]!;
  }
  return reading;
}

function copyRows(from: Reading, to: Reading, { row, first, end }: Place): void {
  for (const [begin, behind] of [
    [row, row + 1],
    [first, end],
  ] as const) {
    to.present.set(from.present.subarray(begin, behind), begin);
    to.counters.set(from.counters.subarray(begin * WIDTH, behind * WIDTH), begin * WIDTH);
    for (const field of ['active', 'inactive', 'weight'] as const)
      to[field].set(from[field].subarray(begin, behind), begin);
  }
}

function readRows(service: IpvsState['services'][number], reading: Reading, place: Place): void {
  const { active, inactive, weight } = reading;
  put(reading, place.row, service.counters);
  for (const destination of service.destinations) {
    const row = place.servers.get(`${destination.address}:${destination.port}`);
    if (row === undefined) continue;
    put(reading, row, destination.counters);
    weight[row] = destination.weight;
    for (const sum of [row, place.row]) {
      active[sum] = active[sum]! + destination.active;
      inactive[sum] = inactive[sum]! + destination.inactive;
    }
  }
}

function put({ present, counters }: Reading, row: number, counted: Counters): void {
  present[row] = 1;
  const at = row * WIDTH;
  counters[at] = counted.connections;
  counters[at + 1] = counted.packetsIn;
  counters[at + 2] = counted.packetsOut;
  counters[at + 3] = counted.bytesIn;
  counters[at + 4] = counted.bytesOut;
}
