import koffi from 'koffi';
import { libc } from '../../../firmware/libc/libc.ts';
import { onReadable } from '../../../firmware/libc/readable.ts';
import { AF_PACKET, RawSocket, SO_ATTACH_FILTER, SOCK_RAW, SOL_SOCKET } from '../../../firmware/libc/socket.ts';

/** A packet socket on one device that sees every frame there, whoever it is for (packet(7)). */

const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;
const PACKET_MR_PROMISC = 1;
const ETH_P_ALL = 3;
/** Enough for Ethernet, IPv4 without options and the ports; the filters cut frames to this. */
export const SNAP = 64;
const RECEIVE_QUEUE = 4 << 20;

/** One classic BPF instruction (linux/filter.h). */
export type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

const LDH = 0x28;
const LDW = 0x20;
const LDB = 0x30;
const JEQ = 0x15;
const RETURN = 0x06;

export const ipv4 = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
export const dotted = (bytes: Uint8Array, at: number): string => bytes.subarray(at, at + 4).join('.');
export const macAt = (bytes: Uint8Array, at: number): string =>
  Array.from(bytes.subarray(at, at + 6), (byte) => byte.toString(16).padStart(2, '0')).join(':');

/** ARP whose sender claims `address`, and UDP or ICMP over IPv4 from `address`. */
export function spokenAs(address: string): Instruction[] {
  const value = ipv4(address);
  return [
    [LDH, 0, 0, 12],
    [JEQ, 0, 2, 0x0806],
    [LDW, 0, 0, 28],
    [JEQ, 6, 7, value],
    [JEQ, 0, 6, 0x0800],
    [LDB, 0, 0, 23],
    [JEQ, 1, 0, 17],
    [JEQ, 0, 3, 1],
    [LDW, 0, 0, 26],
    [JEQ, 0, 1, value],
    [RETURN, 0, 0, SNAP],
    [RETURN, 0, 0, 0],
  ];
}

/** Every IPv4 frame. */
export const anyIpv4: readonly Instruction[] = [
  [LDH, 0, 0, 12],
  [JEQ, 0, 1, 0x0800],
  [RETURN, 0, 0, SNAP],
  [RETURN, 0, 0, 0],
];

/** struct sock_fprog, in one buffer with the instructions it points to, so that both live as long as the call. */
function filterProgram(instructions: readonly Instruction[]): Uint8Array {
  const header = 16;
  const bytes = new Uint8Array(new ArrayBuffer(header + instructions.length * 8));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, instructions.length, true);
  view.setBigUint64(8, koffi.address(bytes) + BigInt(header), true);
  for (const [index, [code, ifTrue, ifFalse, value]] of instructions.entries()) {
    const at = header + index * 8;
    view.setUint16(at, code, true);
    view.setUint8(at + 2, ifTrue);
    view.setUint8(at + 3, ifFalse);
    view.setUint32(at + 4, value, true);
  }
  return bytes.subarray(0, header);
}

export class Sniffer {
  readonly #socket: RawSocket;
  readonly #address: Uint8Array;

  /** @throws when the device is missing or the process may not open packet sockets. */
  constructor(device: string, filter: readonly Instruction[]) {
    const index = libc.if_nametoindex(device);
    if (index === 0) throw new Error(`there is no device ${device} in this namespace`);
    // Protocol 0 receives nothing until bind, so no frame comes in before the filter stands.
    this.#socket = new RawSocket(AF_PACKET, SOCK_RAW, 0, 2048);
    this.#socket.option(SOL_SOCKET, SO_ATTACH_FILTER, filterProgram(filter));
    this.#socket.receiveQueue(RECEIVE_QUEUE);
    this.#address = new Uint8Array(20);
    const address = new DataView(this.#address.buffer);
    address.setUint16(0, AF_PACKET, true);
    address.setUint16(2, ETH_P_ALL);
    address.setInt32(4, index, true);
    const membership = new Uint8Array(16);
    const request = new DataView(membership.buffer);
    request.setInt32(0, index, true);
    request.setUint16(4, PACKET_MR_PROMISC, true);
    this.#socket.option(SOL_PACKET, PACKET_ADD_MEMBERSHIP, membership);
    this.#socket.bind(this.#address);
  }

  /** Each frame that passes the filter, cut to `SNAP`; the array is only valid during the call. */
  onFrame(receive: (frame: Uint8Array) => void): void {
    onReadable(this.#socket.fd, () => {
      for (let got = this.#socket.receive(); got !== undefined; got = this.#socket.receive()) receive(got.bytes);
    });
  }

  /** A whole Ethernet frame. @throws TandemError `io` when the device is down. */
  send(frame: Uint8Array): void {
    this.#socket.send(frame, this.#address);
  }
}
