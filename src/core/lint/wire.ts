import type { Lane } from '../../model/lane.ts';
import { type Finding, someOf } from '../../model/lint.ts';
import type { Answerer, WireQuestion } from '../../model/nic.ts';
import { peerOf, SIDES, type Side } from '../../model/pair.ts';

/**
 * What ARP and neighbour discovery tell of the wires: each own address is asked for where this box has it (RFC 5227, section
 * 2.1), and known neighbours of either side on both NICs.
 */

/** Real servers that are asked for. */
const MAX_SERVERS = 4;

interface Known {
  readonly address: string;
  readonly side: Side;
  readonly what: 'gateway' | 'router' | 'server';
  readonly name: string;
}

/** Whose place is known: the twin's own addresses, the gateway, and some real servers in the float's network. IPv4. */
function knownBy({ peer, node, neighbours }: Lane): Known[] {
  const twin = peerOf(node);
  const servers = neighbours.filter(({ kind }) => kind === 'server').slice(0, MAX_SERVERS);
  const gateway = neighbours.filter(({ kind }) => kind === 'gateway');
  return [
    ...SIDES.map((side): Known => ({ address: peer[side], side, what: 'router', name: `router ${twin}` })),
    ...gateway.map(({ address }): Known => ({ address, side: 'public', what: 'gateway', name: 'the gateway' })),
    ...servers.map(({ address }): Known => ({ address, side: 'private', what: 'server', name: 'a real server' })),
  ];
}

/** This box's own addresses and where they are. The floats are the lane's to watch. */
const ownAddresses = ({ nics, heartbeat }: Lane): WireQuestion[] =>
  [nics.public, nics.private, ...(heartbeat === undefined ? [] : [heartbeat])].flatMap(
    ({ device, address, address6 }) => [
      { device, address },
      ...(address6 === undefined ? [] : [{ device, address: address6.address }]),
    ],
  );

/** At most 24 questions. */
export function wireQuestions(lane: Lane): WireQuestion[] {
  const nics = new Map(SIDES.map((side) => [lane.nics[side].device, lane.nics[side].address]));
  return [
    ...ownAddresses(lane),
    ...knownBy(lane).flatMap(({ address }) => [...nics].map(([device, from]) => ({ device, address, from }))),
  ];
}

/** Other machines that answer for this box's own addresses. */
export function duplicates(lane: Lane, answers: readonly Answerer[]): Finding[] {
  return ownAddresses(lane).flatMap(({ device, address }): Finding[] => {
    const others = answers.filter((answer) => answer.device === device && answer.address === address);
    if (others.length === 0) return [];
    const macs = someOf([...new Set(others.map(({ mac }) => mac))]);
    const text = `${macs} answers on ${device} for ${address}, which is this router’s own`;
    return [{ code: 'address-duplicate', subject: address, text }];
  });
}

/** Whether both sides' neighbours are where they belong: cables that are swapped, and sides that are one wire. */
export function cables(lane: Lane, answers: readonly Answerer[]): Finding[] {
  const [outer, inner] = [lane.nics.public.device, lane.nics.private.device];
  if (outer === inner) return [];
  const known = knownBy(lane);
  const gateways = known.filter(({ what }) => what === 'gateway').map(({ address }) => address);
  const gatewayMacs = new Set(answers.filter(({ address }) => gateways.includes(address)).map(({ mac }) => mac));
  // A gateway with proxy ARP answers for everybody: that says nothing of where they are.
  const on = (device: string, { address, what }: Known): boolean =>
    answers.some(
      (answer) =>
        answer.device === device && answer.address === address && (what === 'gateway' || !gatewayMacs.has(answer.mac)),
    );
  const right = known.filter((each) => on(each.side === 'public' ? outer : inner, each));
  const wrong = known.filter((each) => on(each.side === 'public' ? inner : outer, each));
  if (wrong.length === 0) return [];
  const names = someOf(wrong.map(({ name, address, side }) => `${name} (${address}, ${side} side)`));
  if (right.length === 0) {
    const text = `on the other side’s NIC answers ${names}; nobody answers where they belong (${outer} public, ${inner} private)`;
    return [{ code: 'cables-swapped', subject: `${outer}, ${inner}`, text }];
  }
  const both = wrong.filter((each) => right.includes(each));
  if (both.length === 0) return misplaced(wrong, lane);
  const text = `on both ${outer} and ${inner} answers ${someOf(both.map(({ name, address }) => `${name} (${address})`))}`;
  return [{ code: 'sides-share-wire', subject: `${outer}, ${inner}`, text }];
}

/** Servers alone on the wrong wire, while others are where they belong. */
function misplaced(wrong: readonly Known[], lane: Lane): Finding[] {
  return wrong
    .filter(({ what }) => what === 'server')
    .map(({ address }) => ({
      code: 'server-misplaced',
      subject: address,
      text: `the real server ${address} answers on ${lane.nics.public.device}, the public NIC, and not on ${lane.nics.private.device}`,
    }));
}

/** Real servers for whose address the gateway answers. */
export function behindGateway(lane: Lane, answers: readonly Answerer[]): Finding[] {
  const known = knownBy(lane);
  const gateway = known.find(({ what }) => what === 'gateway');
  const mac = answers.find(({ address }) => address === gateway?.address)?.mac;
  if (gateway === undefined || mac === undefined) return [];
  return known
    .filter(({ what }) => what === 'server')
    .flatMap(({ address }): Finding[] => {
      const answer = answers.find((each) => each.address === address && each.mac === mac);
      if (answer === undefined) return [];
      const text = `for the real server ${address} the gateway ${gateway.address} (${mac}) answers on ${answer.device}`;
      return [{ code: 'server-misplaced', subject: address, text }];
    });
}
