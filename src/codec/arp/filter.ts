import { ARP_SIZE, ETH_P_ARP, REPLY } from './packet.ts';

/** One instruction of classic BPF, struct sock_filter of linux/filter.h. */
interface Instruction {
  readonly code: number;
  /** Instructions to skip when a comparison holds, and when not. */
  readonly yes: number;
  readonly no: number;
  readonly value: number;
}

const LOAD_WORD = 0x20;
const LOAD_HALF = 0x28;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;
/** SKF_AD_OFF + SKF_AD_PROTOCOL: the frame's EtherType, wherever the packet starts. */
const PROTOCOL = 0xffff_f000;
const OPERATION = 6;
const SENDER_MAC = 8;
const SENDER_IP = 14;
const TARGET_MAC = 18;
const TARGET_IP = 24;

export const INSTRUCTION_SIZE = 8;

/**
 * The filter of a claim watcher, for a socket that sees packets from the ARP header on (SOCK_DGRAM): passes what another
 * machine than `ownMac` says as owner of `address` (4 bytes), and its probes for it. Everything else stays in the
 * kernel: a network full of questions for the float must not wake whoever has to be in time.
 */
export function claimFilter(ownMac: Uint8Array, address: Uint8Array): Uint8Array {
  const mac = new DataView(ownMac.buffer, ownMac.byteOffset, 6);
  const float = new DataView(address.buffer, address.byteOffset, 4).getUint32(0);
  return assemble([
    load(LOAD_HALF, PROTOCOL),
    equal(ETH_P_ARP, 0, 11),
    load(LOAD_WORD, SENDER_MAC),
    equal(mac.getUint32(0), 0, 2),
    load(LOAD_HALF, SENDER_MAC + 4),
    equal(mac.getUint16(4), 7, 0),
    load(LOAD_WORD, SENDER_IP),
    equal(float, 3, 0),
    equal(0, 0, 4),
    // A load past the packet's end ends the program: stumps go no further.
    load(LOAD_WORD, TARGET_IP),
    equal(float, 1, 2),
    load(LOAD_WORD, TARGET_IP),
    give(ARP_SIZE),
    give(0),
  ]);
}

/**
 * The filter of a watcher for answers, for a socket as above: passes replies that were sent to `address` (4 bytes) at
 * `ownMac` (6 bytes), as whoever asks from that address gets them.
 */
export function answerFilter(ownMac: Uint8Array, address: Uint8Array): Uint8Array {
  const mac = new DataView(ownMac.buffer, ownMac.byteOffset, 6);
  const float = new DataView(address.buffer, address.byteOffset, 4).getUint32(0);
  return assemble([
    load(LOAD_HALF, PROTOCOL),
    equal(ETH_P_ARP, 0, 9),
    load(LOAD_HALF, OPERATION),
    equal(REPLY, 0, 7),
    load(LOAD_WORD, TARGET_MAC),
    equal(mac.getUint32(0), 0, 5),
    load(LOAD_HALF, TARGET_MAC + 4),
    equal(mac.getUint16(4), 0, 3),
    load(LOAD_WORD, TARGET_IP),
    equal(float, 0, 1),
    give(ARP_SIZE),
    give(0),
  ]);
}

function assemble(program: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(program.length * INSTRUCTION_SIZE);
  const view = new DataView(bytes.buffer);
  for (const [index, { code, yes, no, value }] of program.entries()) {
    const at = index * INSTRUCTION_SIZE;
    view.setUint16(at, code, true);
    view.setUint8(at + 2, yes);
    view.setUint8(at + 3, no);
    view.setUint32(at + 4, value, true);
  }
  return bytes;
}

const load = (code: number, value: number): Instruction => ({ code, yes: 0, no: 0, value });
const equal = (value: number, yes: number, no: number): Instruction => ({
  code: JUMP_IF_EQUAL,
  yes,
  no,
  value,
});
const give = (value: number): Instruction => ({ code: RETURN, yes: 0, no: 0, value });
