import { networkOfSide } from './addressChecks.ts';
import type { Fault } from './error.ts';
import { fault, printPath } from './faults.ts';
import { OUTBOUND_PORTS } from './guardSections.ts';
import { type Cidr, formatCidr, overlaps, parseCidr } from './net.ts';
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

/** Every port range on which a service listens at the public float's own address. */
function claims(sound: Sound, vip: string): { readonly path: Path; readonly range: PortRange }[] {
  return sound.services.flatMap((service, index) => {
    if (service === undefined || service.fwmark !== undefined || service.protocol === 'sctp') return [];
    if (!(service.addresses ?? [service.address]).includes(vip)) return [];
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
  const path: Path = ['outbound', 'from'];
  found.faults.push(...networkFaults(outbound.from, path));
  const [outer, inner] = [networkOfSide(sound, 'public'), networkOfSide(sound, 'private')];
  for (const [index, text] of outbound.from.entries()) {
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
  found.faults.push(...portFaults(sound, outbound.ports ?? OUTBOUND_PORTS));
  const marked = sound.services.findIndex((service) => service?.fwmark !== undefined);
  if (marked >= 0) {
    const remedy =
      'has servers whose packets are tracked, since a mark does not tell their ports: it works, at half the packet rate';
    found.warnings.push(fault(['services', marked, 'fwmark'], sound.services[marked]?.fwmark, remedy));
  }
  return found;
}

function portFaults(sound: Sound, ports: string): Fault[] {
  const path: Path = ['outbound', 'ports'];
  const range = rangeOf(ports);
  if (range.first < 1024 || range.first > range.last || range.last > 65_535)
    return [fault(path, ports, 'give a range within 1024-65535 with the lower port first, like "61000-65535"')];
  const vip = sound.floats.public?.split('/')[0] ?? '';
  return claims(sound, vip)
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
