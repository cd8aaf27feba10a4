import { libc } from '../../../firmware/libc/libc.ts';
import { AF_PACKET, RawSocket, SOCK_RAW } from '../../../firmware/libc/socket.ts';
import { NLM_F_REQUEST } from '../../../src/codec/netlink/constants.ts';
import type { Exchanged } from './fixture.ts';

/** linux/if_ether.h. */
const ETH_P_ALL = 3;
/** A dump's datagram has at most 32 KiB. */
const CAPACITY = 64 * 1024;
const QUEUE = 8 * 1024 * 1024;

/** Sees every netlink datagram of this network namespace, through an nlmon device. */
export class NetlinkTap {
  readonly #socket: RawSocket;

  constructor(device: string) {
    this.#socket = new RawSocket(AF_PACKET, SOCK_RAW, 0, CAPACITY);
    this.#socket.receiveQueue(QUEUE);
    const address = new Uint8Array(20);
    const view = new DataView(address.buffer);
    view.setUint16(0, AF_PACKET, true);
    view.setUint16(2, ETH_P_ALL);
    view.setInt32(4, libc.if_nametoindex(device), true);
    this.#socket.bind(address);
  }

  /** What passed since the last call, of one netlink protocol. */
  take(protocol: number): Exchanged[] {
    const all: Exchanged[] = [];
    for (let received = this.#socket.receive(); received !== undefined; received = this.#socket.receive()) {
      const from = new DataView(received.from.buffer);
      if (from.getUint16(2) !== protocol) continue;
      // The first header says it; ip(8) sends more bytes than that says, so the datagram cannot be split here.
      const flags = new DataView(received.bytes.buffer, received.bytes.byteOffset).getUint16(6, true);
      const to = (flags & NLM_F_REQUEST) !== 0 ? 'kernel' : 'user';
      all.push({ to, hex: Buffer.from(received.bytes).toString('hex') });
    }
    return all;
  }
}
