import type { Fault } from './error.ts';
import { fault, printPath } from './faults.ts';
import { byIdentity } from './memo.ts';
import {
  type Cidr,
  contains,
  formatCidr,
  formatIp,
  isHost,
  networkOf,
  overlaps,
  parseCidr,
  parseIp,
  sameIp,
} from './net.ts';
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
export const networkOfSide = (sound: Sound, side: Side): Cidr | undefined => networksOf(sound)[side];

/** Its IPv6 network; undefined = it has none. */
export function networkOfSide6(sound: Sound, side: Side): Cidr | undefined {
  const first = nodePlaces6(sound, side)[0];
  return first && networkOf(first.cidr);
}

const networksOf = byIdentity((sound: Sound): Readonly<Record<Side, Cidr | undefined>> => {
  const of = (side: Side): Cidr | undefined => {
    const first = nodePlaces(sound, side)[0];
    return first && networkOf(first.cidr);
  };
  return { public: of('public'), private: of('private') };
});

/** As the other side of a conflict names a place: `198.51.100.0/24 of nodes.a.public`. */
const networkText = ({ cidr, path }: Place): string => `${formatCidr(networkOf(cidr))} of ${printPath(path)}`;

/** Two networks that share addresses, told of the first place of the second. */
function overlapFaults(one: readonly Place[], other: readonly Place[], what: string): Fault[] {
  const [here, there] = [other[0], one[0]];
  if (here === undefined || there === undefined || !overlaps(here.cidr, there.cidr)) return [];
  return [fault(here.path, here.text, `give ${what} a network of its own, apart from ${networkText(there)}`)];
}

const nodePlaces6 = (sound: Sound, side: Side): Place[] => [
  ...place(['nodes', 'a', `${side}6`], sound.nodes6.a[side]),
  ...place(['nodes', 'b', `${side}6`], sound.nodes6.b[side]),
];

const floatPlace6 = (sound: Sound, side: Side): Place[] => place(['floats', side, 'address6'], sound.floats6[side]);

/** Every address the two routers and the floats use, with its path. */
export const ownAddresses = byIdentity((sound: Sound): readonly Place[] => [
  ...SIDES.flatMap((side) => [
    ...nodePlaces(sound, side),
    ...floatPlace(sound, side),
    ...nodePlaces6(sound, side),
    ...floatPlace6(sound, side),
  ]),
  ...nodePlaces(sound, 'heartbeat'),
]);

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
  const within = SIDES.flatMap((side) => overlapFaults(nodePlaces(sound, side), places, 'the heartbeat NIC'));
  return [...missing, ...apartFaults('heartbeat', places), ...within];
}

const sideFaults = (sound: Sound, side: Side): Fault[] => [
  ...networkFaults(side, nodePlaces(sound, side), floatPlace(sound, side)),
  ...networkFaults(`${side} IPv6`, nodePlaces6(sound, side), floatPlace6(sound, side)),
  ...missing6(sound, side),
];

/** A router without an address of its own in the float's network has no route to it while it is standby. */
function missing6(sound: Sound, side: Side): Fault[] {
  const float = sound.floats6[side];
  if (float === undefined) return [];
  return (['a', 'b'] as const)
    .filter((node) => sound.nodes6[node][side] === undefined)
    .map((node) =>
      fault(
        ['nodes', node, `${side}6`],
        undefined,
        `give router ${node} an address in the network of floats.${side}.address6, ${float}`,
      ),
    );
}

/** Of the two routers’ addresses on one wire, those in another network than the first. */
function apartFaults(side: string, [first, ...others]: readonly Place[]): Fault[] {
  if (first === undefined) return [];
  return others
    .filter(({ cidr }) => formatCidr(networkOf(cidr)) !== formatCidr(networkOf(first.cidr)))
    .map(({ path, text }) => fault(path, text, `put both routers in one ${side} network, as ${networkText(first)}`));
}

function networkFaults(side: string, own: readonly Place[], float: readonly Place[]): Fault[] {
  const [first] = own;
  if (first === undefined) return [];
  const network = networkOf(first.cidr);
  const floats = float.flatMap(({ path, text, cidr }) => {
    if (!contains(network, cidr.ip))
      return [fault(path, text, `give an address of the routers’ ${side} network, ${networkText(first)}`)];
    if (cidr.prefix === network.prefix || cidr.prefix === hostPrefix(cidr)) return [];
    return [
      fault(
        path,
        text,
        `end it with /${network.prefix}, as ${printPath(first.path)} does, or with /${hostPrefix(cidr)}`,
      ),
    ];
  });
  return [...apartFaults(side, own), ...floats];
}

const hostPrefix = ({ ip }: Cidr): number => (ip.family === 4 ? 32 : 128);

function twice(places: readonly Place[]): Fault[] {
  const seen = new Map<string, Place>();
  return places.flatMap((here) => {
    const first = seen.get(formatIp(here.cidr.ip));
    if (first !== undefined)
      return [fault(here.path, here.text, `give another address: ${printPath(first.path)} has this one`)];
    seen.set(formatIp(here.cidr.ip), here);
    return [];
  });
}

function gatewayFaults(sound: Sound): Fault[] {
  const gateway = sound.gateway === undefined ? undefined : parseIp(sound.gateway);
  const [first] = nodePlaces(sound, 'public');
  if (gateway === undefined || first === undefined) return [];
  if (!contains(first.cidr, gateway)) {
    return [fault(['gateway'], sound.gateway, `give an address of the public network, ${networkText(first)}`)];
  }
  return ownAddresses(sound)
    .filter(({ cidr }) => sameIp(cidr.ip, gateway))
    .map(({ path }) =>
      fault(['gateway'], sound.gateway, `give the upstream router’s address: ${printPath(path)} has this one`),
    );
}

export function addressChecks(sound: Sound): Fault[] {
  const places = ownAddresses(sound);
  const ends = places
    .filter(({ cidr }) => !isHost(cidr))
    .map(({ path, text }) =>
      fault(path, text, 'give a host’s address, not the network’s own or its broadcast address'),
    );
  return [
    ...SIDES.flatMap((side) => sideFaults(sound, side)),
    ...heartbeatFaults(sound),
    ...ends,
    ...twice(places),
    ...gatewayFaults(sound),
    ...overlapFaults(nodePlaces(sound, 'public'), nodePlaces(sound, 'private'), 'the private side'),
    ...overlapFaults(nodePlaces6(sound, 'public'), nodePlaces6(sound, 'private'), 'the private side'),
  ];
}
