import type { PairDocument } from '../../model/document.ts';
import type { Lane } from '../../model/lane.ts';
import { type Finding, someOf } from '../../model/lint.ts';
import { type Cidr, contains, type Ip, parseCidr, parseIp } from '../../model/net.ts';
import type { Route } from '../../model/network.ts';

/** Routes and filters of this box that take packets another way than their answers. */

/** Addresses of real servers whose routes are looked at. */
const MAX_SERVERS = 1000;

interface Way {
  readonly network: Cidr;
  readonly device: string;
}

const ways = (routes: readonly Route[]): Way[] =>
  routes.flatMap(({ destination, device }) => {
    const network = parseCidr(destination);
    return network === undefined ? [] : [{ network, device }];
  });

/** The device of the longest prefix; undefined = no way there. */
function wayTo(all: readonly Way[], ip: Ip): string | undefined {
  let best: Way | undefined;
  for (const way of all) {
    if (contains(way.network, ip) && (best === undefined || way.network.prefix > best.network.prefix)) best = way;
  }
  return best?.device;
}

/** The device by which packets to an address leave, by the routes of the main table; undefined = none, or no address. */
export function deviceTo(routes: readonly Route[], address: string): string | undefined {
  const ip = parseIp(address);
  return ip === undefined ? undefined : wayTo(ways(routes), ip);
}

/** A default route that is not the public NIC's, and masqueraded servers to whom the way is the public NIC's. */
export function asymmetric(document: PairDocument, lane: Lane, routes: readonly Route[]): Finding[] {
  const { nics, floats } = lane;
  const outer = new Set([nics.public.device, floats.public.device]);
  const found: Finding[] = [];
  const all = ways(routes);
  const wrong = all.find(
    ({ network, device }) => network.prefix === 0 && network.ip.family === 4 && !outer.has(device),
  );
  if (wrong !== undefined && document.gateway !== undefined) {
    const text = `the default route leaves by ${wrong.device}, and clients come in by ${nics.public.device}`;
    found.push({ code: 'route-asymmetric', subject: '0.0.0.0/0', text });
  }
  if (nics.public.device === nics.private.device) return found;
  const near = parseCidr(`${nics.public.address}/${nics.public.prefix}`);
  const servers = new Map<string, string>();
  for (const service of document.services) {
    for (const { name, address, forwarding } of service.servers) {
      if (forwarding === 'masquerade' && servers.size < MAX_SERVERS) servers.set(address, `${service.name}/${name}`);
    }
  }
  const past = [...servers].filter(([address]) => {
    const ip = parseIp(address);
    return ip !== undefined && !(near && contains(near, ip)) && outer.has(wayTo(all, ip) ?? '');
  });
  if (past.length > 0) {
    const who = someOf(past.map(([address, name]) => `${name} (${address})`));
    const text = `packets to ${who} leave by ${nics.public.device}, and their answers should come by ${nics.private.device}`;
    found.push({ code: 'route-asymmetric', subject: past[0]![1], text });
  }
  return found;
}

/** @param values of `rp_filter`, by device and for `all`; undefined = this kernel has no such name */
export function strictFilters(values: ReadonlyMap<string, string | undefined>): Finding[] {
  return [...values].flatMap(([name, value]): Finding[] =>
    value?.trim() === '1'
      ? [{ code: 'rp-filter-strict', subject: name, text: `net.ipv4.conf.${name}.rp_filter is 1, strict` }]
      : [],
  );
}
