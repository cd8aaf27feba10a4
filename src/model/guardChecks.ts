import { networkOfSide, networkOfSide6 } from './addressChecks.ts';
import type { Fault } from './error.ts';
import { fault, printPath } from './faults.ts';
import { OUTBOUND_PORTS } from './guardSections.ts';
import { type Cidr, formatCidr, formatIp, overlaps, parseCidr } from './net.ts';
import type { Sound } from './salvage.ts';
import { familyOf, type PortRange, rangeOf } from './service.ts';

/** The rules of `firewall` and `outbound`: what nft(8) would refuse, and what would cut a service off. */

type Path = readonly (string | number)[];

export interface Findings {
  readonly faults: Fault[];
  readonly warnings: Fault[];
}

/** Of a list, the entries that share something with one before them. */
function sharing<T>(list: readonly T[], shares: (one: T, other: T) => boolean): { index: number; with: number }[] {
  return list.flatMap((entry, index) => {
    const first = list.findIndex((other, before) => before < index && shares(other, entry));
    return first < 0 ? [] : [{ index, with: first }];
  });
}

const meet = (one: PortRange, other: PortRange): boolean => one.first <= other.last && other.first <= one.last;

function networkFaults(networks: readonly string[], path: Path): Fault[] {
  const cidrs = networks.map(parseCidr).filter((cidr) => cidr !== undefined);
  return sharing<Cidr>(cidrs, overlaps).map(({ index, with: first }) =>
    fault([...path, index], networks[index], `leave it out, or ${printPath([...path, first])}: they share addresses`),
  );
}

function allowFaults({ firewall }: Sound): Fault[] {
  return (firewall?.allow ?? []).flatMap(({ ports, from }, index) => {
    const path: Path = ['firewall', 'allow', index];
    const mixed = from.findIndex((network) => familyOf(network.split('/')[0]!) !== familyOf(from[0]!.split('/')[0]!));
    const faults = networkFaults(from, [...path, 'from']);
    if (mixed > 0) {
      const remedy = 'give networks of one family, and an entry of its own for the other';
      faults.push(fault([...path, 'from', mixed], from[mixed], remedy));
    }
    for (const { index: which, with: first } of sharing(ports.map(rangeOf), meet)) {
      const remedy = `leave it out, or ${printPath([...path, 'ports', first])}: they share ports`;
      faults.push(fault([...path, 'ports', which], ports[which], remedy));
    }
    return faults;
  });
}

/** Every port range on which a service listens at the public float's own addresses. */
function claims(sound: Sound, vips: readonly string[]): { readonly path: Path; readonly range: PortRange }[] {
  return sound.services.flatMap((service, index) => {
    if (service === undefined || service.fwmark !== undefined || service.protocol === 'sctp') return [];
    if (!(service.addresses ?? [service.address]).some((address) => vips.includes(address))) return [];
    const { port, ports } = service.written;
    return (ports ?? [port ?? 0]).map((written, which) => ({
      path: ports === undefined ? ['services', index, 'port'] : ['services', index, 'ports', which],
      range: rangeOf(written),
    }));
  });
}

function outboundFindings(sound: Sound): Findings {
  const found: Findings = { faults: [], warnings: [] };
  const { outbound } = sound;
  if (outbound === undefined) return found;
  const { from, from6 } = outbound;
  if (from === undefined && from6 === undefined) {
    found.faults.push(fault(['outbound'], outbound, 'name who may reach out: give `from`, `from6`, or both'));
  }
  if (from6 !== undefined && sound.floats6.public === undefined) {
    const remedy = 'give floats.public.address6 as well: there is no IPv6 address that servers could leave with';
    found.faults.push(fault(['outbound', 'from6'], from6, remedy));
  }
  judgeSources(
    from ?? [],
    ['outbound', 'from'],
    networkOfSide(sound, 'public'),
    networkOfSide(sound, 'private'),
    found,
  );
  judgeSources(
    from6 ?? [],
    ['outbound', 'from6'],
    networkOfSide6(sound, 'public'),
    networkOfSide6(sound, 'private'),
    found,
  );
  found.faults.push(...portFaults(sound, outbound.ports ?? OUTBOUND_PORTS));
  const marked = sound.services.findIndex((service) => service?.fwmark !== undefined);
  if (marked >= 0) {
    const remedy =
      'has servers whose packets are tracked, since a mark does not tell their ports: it works, at half the packet rate';
    found.warnings.push(fault(['services', marked, 'fwmark'], sound.services[marked]?.fwmark, remedy));
  }
  return found;
}

/** Networks that reach out, of one family. */
function judgeSources(
  networks: readonly string[],
  path: Path,
  outer: Cidr | undefined,
  inner: Cidr | undefined,
  found: Findings,
): void {
  found.faults.push(...networkFaults(networks, path));
  for (const [index, text] of networks.entries()) {
    const cidr = parseCidr(text);
    if (cidr === undefined || outer === undefined) continue;
    if (overlaps(cidr, outer)) {
      const remedy = `give a network of real servers: ${formatCidr(outer)} is the public side, which needs no masquerading`;
      found.faults.push(fault([...path, index], text, remedy));
    } else if (inner !== undefined && !overlaps(cidr, inner)) {
      const remedy = `lies outside the private network ${formatCidr(inner)}: make sure its packets come through the private float`;
      found.warnings.push(fault([...path, index], text, remedy));
    }
  }
}

function portFaults(sound: Sound, ports: string): Fault[] {
  const path: Path = ['outbound', 'ports'];
  const range = rangeOf(ports);
  if (range.first < 1024 || range.first > range.last || range.last > 65_535)
    return [fault(path, ports, 'give a range within 1024-65535 with the lower port first, like "61000-65535"')];
  const vips = [sound.floats.public, sound.floats6.public].flatMap((text) => {
    const cidr = parseCidr(text ?? '');
    return cidr === undefined ? [] : [formatIp(cidr.ip)];
  });
  return claims(sound, vips)
    .filter((claim) => meet(claim.range, range))
    .map((claim) =>
      fault(
        path,
        ports,
        `give a range apart from ${printPath(claim.path)}: answers would go to that service’s servers`,
      ),
    );
}

export function guardChecks(sound: Sound): Findings {
  const outbound = outboundFindings(sound);
  return { faults: [...allowFaults(sound), ...outbound.faults], warnings: outbound.warnings };
}
