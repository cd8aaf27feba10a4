import { assemble, equal, give, LOAD_HALF, LOAD_WORD, load, PROTOCOL } from '../bpf.ts';
import { ARP_SIZE, ETH_P_ARP, REPLY } from './packet.ts';

const OPERATION = 6;
const SENDER_MAC = 8;
const SENDER_IP = 14;
const TARGET_MAC = 18;
const TARGET_IP = 24;

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
