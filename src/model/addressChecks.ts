import type { Fault } from './error.ts';
import { fault } from './faults.ts';
import { type Cidr, contains, formatCidr, isHost, networkOf, overlaps, parseCidr, parseIp, sameIp } from './net.ts';
import { type NodeId, SIDES, type Side } from './pair.ts';
import type { Sound } from './salvage.ts';

/** The rules between addresses: both routers and the float of a side share its network, and nobody has an address twice. */

interface Place {
  readonly path: readonly string[];
  readonly text: string;
  readonly cidr: Cidr;
}

function place(path: readonly string[], text: string | undefined): Place[] {
  const cidr = text === undefined ? undefined : parseCidr(text);
  return text === undefined || cidr === undefined ? [] : [{ path, text, cidr }];
}

const NODES: readonly NodeId[] = ['a', 'b'];

const nodePlaces = (sound: Sound, side: Side | 'heartbeat'): Place[] => [
  ...place(['nodes', 'a', side], sound.nodes.a[side]),
  ...place(['nodes', 'b', side], sound.nodes.b[side]),
];

const floatPlace = (sound: Sound, side: Side): Place[] => place(['floats', side, 'address'], sound.floats[side]);

/** The network of a side, as router a (else b) has it. */
export const networkOfSide = (sound: Sound, side: Side): Cidr | undefined => {
  const first = nodePlaces(sound, side)[0];
  return first && networkOf(first.cidr);
};

/** Every address the two routers and the floats use, with its path. */
export const ownAddresses = (sound: Sound): readonly Place[] => [
  ...SIDES.flatMap((side) => [...nodePlaces(sound, side), ...floatPlace(sound, side)]),
  ...nodePlaces(sound, 'heartbeat'),
];

/** Both routers or none have an address on the heartbeat NIC; one network, which neither side of the router uses. */
function heartbeatFaults(sound: Sound): Fault[] {
  const asked = sound.heartbeat?.links.includes('heartbeat') ?? false;
  const places = nodePlaces(sound, 'heartbeat');
  const missing = NODES.filter((id) => sound.nodes[id].heartbeat === undefined).map((id) =>
    fault(
      ['nodes', id, 'heartbeat'],
      undefined,
      `give router ${id}’s address on the heartbeat NIC, as 169.254.84.1/30`,
    ),
  );
  if (places.length === 0) return asked ? missing : [];
  const [first] = places;
  const network = networkOf(first!.cidr);
  const apart = places
    .filter(({ cidr }) => formatCidr(networkOf(cidr)) !== formatCidr(network))
    .map(({ path, text }) =>
      fault(path, text, `put both routers in one heartbeat network: the other is in ${formatCidr(network)}`),
    );
  const within = SIDES.flatMap((side) => {
    const other = networkOfSide(sound, side);
    return other !== undefined && overlaps(network, other)
      ? [
          fault(
            first!.path,
            first!.text,
            `give the heartbeat NIC a network of its own, apart from ${formatCidr(other)}`,
          ),
        ]
      : [];
  });
  return [...missing, ...apart, ...within];
}

function sideFaults(sound: Sound, side: Side): Fault[] {
  const network = networkOfSide(sound, side);
  if (network === undefined) return [];
  const printed = formatCidr(network);
  const nodes = nodePlaces(sound, side)
    .filter(({ cidr }) => formatCidr(networkOf(cidr)) !== printed)
    .map(({ path, text }) => fault(path, text, `put both routers in one ${side} network: the other is in ${printed}`));
  const floats = floatPlace(sound, side).flatMap(({ path, text, cidr }) => {
    if (!contains(network, cidr.ip))
      return [fault(path, text, `give an address of the routers’ ${side} network ${printed}`)];
    if (cidr.prefix === network.prefix || cidr.prefix === 32) return [];
    return [fault(path, text, `end it with /${network.prefix}, as the routers’ ${side} addresses do, or with /32`)];
  });
  return [...nodes, ...floats];
}

function twice(places: readonly Place[]): Fault[] {
  const seen = new Map<bigint, Place>();
  return places.flatMap((here) => {
    const first = seen.get(here.cidr.ip.value);
    if (first !== undefined)
      return [fault(here.path, here.text, `give another address: ${first.path.join('.')} has this one`)];
    seen.set(here.cidr.ip.value, here);
    return [];
  });
}

function gatewayFaults(sound: Sound): Fault[] {
  const gateway = sound.gateway === undefined ? undefined : parseIp(sound.gateway);
  const network = networkOfSide(sound, 'public');
  if (gateway === undefined || network === undefined) return [];
  if (!contains(network, gateway)) {
    return [fault(['gateway'], sound.gateway, `give an address of the public network ${formatCidr(network)}`)];
  }
  return ownAddresses(sound)
    .filter(({ cidr }) => sameIp(cidr.ip, gateway))
    .map(({ path }) =>
      fault(['gateway'], sound.gateway, `give the upstream router’s address: ${path.join('.')} has this one`),
    );
}

export function addressChecks(sound: Sound): Fault[] {
  const places = ownAddresses(sound);
  const ends = places
    .filter(({ cidr }) => !isHost(cidr))
    .map(({ path, text }) =>
      fault(path, text, 'give a host’s address, not the network’s own or its broadcast address'),
    );
  const [outer, inner] = [networkOfSide(sound, 'public'), networkOfSide(sound, 'private')];
  const overlap =
    outer && inner && overlaps(outer, inner)
      ? [
          fault(
            ['nodes', 'a', 'private'],
            sound.nodes.a.private,
            `give the private side its own network, apart from ${formatCidr(outer)}`,
          ),
        ]
      : [];
  return [
    ...SIDES.flatMap((side) => sideFaults(sound, side)),
    ...heartbeatFaults(sound),
    ...ends,
    ...twice(places),
    ...gatewayFaults(sound),
    ...overlap,
  ];
}
