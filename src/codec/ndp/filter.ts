import { assemble, equal, give, type Instruction, LINK_HEADER, LOAD_HALF, LOAD_WORD, load, PROTOCOL } from '../bpf.ts';
import { ADVERTISEMENT, ETH_P_IPV6, HOP_LIMIT, ICMPV6, SOLICITATION } from './packet.ts';

/** Next header and hop limit, one behind the other. */
const NEXT_HEADER = 6;
const SOURCE = 8;
/** Type and code. */
const TYPE = 40;
const TARGET = 48;
const SENDER_MAC = LINK_HEADER + 6;

/** The largest that is looked at: Ethernet's. */
const WHOLE = 1500;

/**
 * The filter of a claim watcher for IPv6, for a socket that sees packets from the IPv6 header on (SOCK_DGRAM): passes
 * another machine's advertisements of `address` (16 bytes), and its probes for it. The pair's data traffic, which is IPv6
 * too, stays in the kernel.
 */
export function ndpClaimFilter(ownMac: Uint8Array, address: Uint8Array): Uint8Array {
  const mac = new DataView(ownMac.buffer, ownMac.byteOffset, 6);
  const float = new DataView(address.buffer, address.byteOffset, 16);
  const words = [0, 4, 8, 12];
  const head: Check[] = [
    [LOAD_HALF, PROTOCOL, ETH_P_IPV6],
    [LOAD_HALF, NEXT_HEADER, (ICMPV6 << 8) | HOP_LIMIT],
    ...words.map((at): Check => [LOAD_WORD, TARGET + at, float.getUint32(at)]),
  ];
  const unspecified = words.map((at): Check => [LOAD_WORD, SOURCE + at, 0]);
  // The jumps are counted from here to the last two instructions: 6 of the sender's MAC and `give(WHOLE)` are in between.
  const rest = 2 * unspecified.length + 5;
  return assemble([
    ...all(head, 3 + rest),
    load(LOAD_HALF, TYPE),
    equal(ADVERTISEMENT << 8, 2 * unspecified.length + 1, 0),
    equal(SOLICITATION << 8, 0, rest),
    ...all(unspecified, 5),
    load(LOAD_WORD, SENDER_MAC),
    equal(mac.getUint32(0), 0, 2),
    load(LOAD_HALF, SENDER_MAC + 4),
    equal(mac.getUint16(4), 1, 0),
    give(WHOLE),
    give(0),
  ]);
}

/** What is loaded, from where, and what it has to be. */
type Check = readonly [size: typeof LOAD_WORD | typeof LOAD_HALF, at: number, value: number];

/** All must hold; otherwise on to the instruction that comes `beyond` others after these. */
const all = (checks: readonly Check[], beyond: number): Instruction[] =>
  checks.flatMap(([size, at, value], index) => [
    load(size, at),
    equal(value, 0, 2 * (checks.length - 1 - index) + beyond),
  ]);
