import { ownAddresses } from './addressChecks.ts';
import { LIMITS } from './document.ts';
import type { Fault } from './error.ts';
import { fault, printPath } from './faults.ts';
import { contains, formatCidr, formatIp, networkOf, parseIp, sameIp } from './net.ts';
import type { Sound, SoundService } from './salvage.ts';
import { familyOf, MARKS, type PortRange, rangeOf } from './service.ts';

/** What services listen on: which fields go together, whose VIP it is, and that no two want the same packets. */

interface Findings {
  readonly faults: Fault[];
  readonly warnings: Fault[];
}

type Path = readonly (string | number)[];

const at = (index: number, ...rest: Path): Path => ['services', index, ...rest];

/** The fields that say it in one way or another, and may not say it in two. */
function formFaults({ written, ...service }: SoundService, index: number): Fault[] {
  const faults: Fault[] = [];
  const { fwmark, family } = service;
  const { addresses, ports } = written;
  if (fwmark !== undefined) {
    for (const field of ['address', 'addresses', 'port', 'ports'] as const) {
      if (written[field] === undefined) continue;
      faults.push(fault(at(index, field), written[field], 'leave this field out: fwmark says which packets are meant'));
    }
    if (fwmark >= MARKS.first && fwmark <= MARKS.last) {
      const remedy = `give another mark: ${MARKS.first} to ${MARKS.last} are given to services with several addresses or ports`;
      faults.push(fault(at(index, 'fwmark'), fwmark, remedy));
    }
    return faults;
  }
  if (addresses !== undefined && written.address !== undefined)
    faults.push(fault(at(index, 'addresses'), addresses, 'give address or addresses, not both'));
  if (ports !== undefined && written.port !== undefined)
    faults.push(fault(at(index, 'ports'), ports, 'give port or ports, not both'));
  if (ports === undefined && written.port === undefined)
    faults.push(fault(at(index, 'port'), undefined, 'is missing: give port, ports or fwmark'));
  if (family !== undefined)
    faults.push(fault(at(index, 'family'), family, 'leave this field out: it is for fwmark, addresses have their own'));
  const other = addresses?.findIndex((address) => familyOf(address) !== familyOf(addresses[0] ?? '')) ?? -1;
  if (addresses !== undefined && other > 0) {
    const remedy = `give addresses of one family, as ${addresses[0]} is, and a second service for the other`;
    faults.push(fault(at(index, 'addresses', other), addresses[other], remedy));
  }
  return faults;
}

/** A VIP in a network of the routers that no float carries is answered by nobody; one elsewhere must be routed here. */
function vipFindings(sound: Sound, service: SoundService, index: number): Findings {
  const found: Findings = { faults: [], warnings: [] };
  const own = ownAddresses(sound);
  const float = (family: 4 | 6): string | undefined =>
    (family === 6 ? sound.floats6 : sound.floats).public?.split('/')[0];
  if (float(4) === undefined || service.fwmark !== undefined) return found;
  for (const { address, path } of vipsOf(service, index)) {
    const ip = parseIp(address);
    if (ip === undefined) continue;
    const holder = own.find(({ cidr }) => sameIp(cidr.ip, ip));
    if (holder?.path[0] === 'floats') continue;
    const right = `give the public float ${float(ip.family) ?? float(4)}, or leave this field out`;
    const near = own.find(({ cidr }) => contains(cidr, ip));
    if (holder !== undefined) {
      found.faults.push(
        fault(path, address, `${right}: ${printPath(holder.path)} is one router’s own and never moves`),
      );
    } else if (near !== undefined) {
      const network = `${formatCidr(networkOf(near.cidr))} (${printPath(near.path)})`;
      found.faults.push(fault(path, address, `${right}: no float carries this address of ${network}`));
    } else {
      const remedy =
        `is no float: it works only when the upstream router routes it to ${float(ip.family) ?? float(4)} and both routers take it ` +
        `for their own (ip route add local ${address} dev lo)`;
      found.warnings.push(fault(path, address, remedy));
    }
  }
  return found;
}

/** A routed VIP is the routers’ own: a packet to it never leaves for a server. That of a float is addressChecks.ts’s. */
function serverFaults(sound: Sound): Fault[] {
  const floats = new Set(ownAddresses(sound).map(({ cidr }) => formatIp(cidr.ip)));
  const vips = new Map<string, Path>();
  for (const [index, service] of sound.services.entries()) {
    if (service === undefined || service.fwmark !== undefined) continue;
    for (const { address, path } of vipsOf(service, index)) if (!floats.has(address)) vips.set(address, path);
  }
  return sound.services.flatMap((service, index) =>
    (service?.servers ?? []).flatMap((server, which) => {
      const vip = server && vips.get(server.address);
      if (vip === undefined) return [];
      const path = at(index, 'servers', which, 'address');
      return [fault(path, server?.address, `give the real server’s own address: ${printPath(vip)} is the same`)];
    }),
  );
}

const vipsOf = (service: SoundService, index: number): { readonly address: string; readonly path: Path }[] =>
  service.addresses === undefined
    ? [{ address: service.address, path: at(index, 'address') }]
    : service.addresses.map((address, which) => ({ address, path: at(index, 'addresses', which) }));

interface Claim {
  readonly range: PortRange;
  readonly text: string;
  readonly path: Path;
}

function claimsOf(service: SoundService, index: number): Claim[] {
  const { port, ports } = service.written;
  if (ports === undefined) {
    if (port === undefined) return [];
    const range = { first: port, last: port };
    return [{ range, text: `${port}`, path: at(index, 'port') }];
  }
  return ports.map((written, which) => ({
    range: rangeOf(written),
    text: String(written),
    path: at(index, 'ports', which),
  }));
}

/** No packet belongs to two services, or twice to one: swept in the order of ports, address by address. */
function overlapFaults(services: Sound['services']): Fault[] {
  const byAddress = new Map<string, { readonly claim: Claim; readonly order: number }[]>();
  let order = 0;
  for (const [index, service] of services.entries()) {
    if (service === undefined || service.fwmark !== undefined) continue;
    const claims = claimsOf(service, index);
    for (const { address } of vipsOf(service, index)) {
      const key = `${service.protocol} ${address}`;
      const list = byAddress.get(key) ?? [];
      for (const claim of claims) list.push({ claim, order: order++ });
      byAddress.set(key, list);
    }
  }
  const faults: { readonly fault: Fault; readonly order: number }[] = [];
  for (const [key, claims] of byAddress) {
    const protocol = key.split(' ')[0];
    claims.sort((one, other) => one.claim.range.first - other.claim.range.first || one.order - other.order);
    let widest = claims[0];
    for (const next of claims.slice(1)) {
      if (widest === undefined) break;
      if (next.claim.range.first <= widest.claim.range.last) {
        const [first, later] = widest.order < next.order ? [widest, next] : [next, widest];
        const remedy = `give another port: ${printPath(first.claim.path)} has ${protocol} ${first.claim.text} of the same VIP`;
        faults.push({ fault: fault(later.claim.path, portValue(later.claim.text), remedy), order: later.order });
      }
      if (next.claim.range.last > widest.claim.range.last) widest = next;
    }
  }
  return faults.sort((one, other) => one.order - other.order).map((entry) => entry.fault);
}

const portValue = (text: string): number | string => (text.includes('-') ? text : Number(text));

/** Two services under one mark would be one to the kernel. */
function markFaults(services: Sound['services']): Fault[] {
  const seen = new Map<string, number>();
  return services.flatMap((service, index) => {
    if (service?.mark === undefined) return [];
    const key = `${service.mark} ${familyOf(service.address)}`;
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, index);
      return [];
    }
    const own = service.fwmark !== undefined;
    // Equal names are a fault of their own, and lead to equal marks.
    if (!own && services[first]?.name === service.name) return [];
    const remedy = own
      ? `give another mark: services[${first}].fwmark is the same`
      : `give another name: its firewall mark ${service.mark} is that of services[${first}].name`;
    return [fault(at(index, own ? 'fwmark' : 'name'), own ? service.fwmark : service.name, remedy)];
  });
}

export function listenChecks(sound: Sound): Findings {
  const found: Findings = { faults: [], warnings: [] };
  let elements = 0;
  for (const [index, service] of sound.services.entries()) {
    if (service === undefined) continue;
    found.faults.push(...formFaults(service, index));
    const vips = vipFindings(sound, service, index);
    found.faults.push(...vips.faults);
    found.warnings.push(...vips.warnings);
    if (service.mark !== undefined) elements += (service.addresses?.length ?? 1) * (service.ports?.length ?? 1);
  }
  if (elements > LIMITS.listening) {
    const remedy = `give at most ${LIMITS.listening} of them in the whole document; join neighbouring ports to ranges`;
    found.faults.push({ path: 'services', value: `${elements} pairs of address and port range`, remedy });
    return found;
  }
  found.faults.push(...overlapFaults(sound.services), ...markFaults(sound.services), ...serverFaults(sound));
  return found;
}
