import { type Ack, decodeAck, decodeDone } from '../../src/codec/netlink/ack.ts';
import {
  NETLINK_CAP_ACK,
  NETLINK_EXT_ACK,
  NETLINK_GET_STRICT_CHK,
  NLM_F_ACK,
  NLM_F_DUMP_INTR,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_NOOP,
  NLMSG_OVERRUN,
  SOL_NETLINK,
} from '../../src/codec/netlink/constants.ts';
import { type NetlinkMessage, splitMessages } from '../../src/codec/netlink/message.ts';
import { NetlinkWriter } from '../../src/codec/netlink/writer.ts';
import { TandemError } from '../../src/model/error.ts';
import { EINTR, ENOBUFS } from '../libc/errno.ts';
import { AF_NETLINK, RawSocket, SOCK_RAW, SocketError } from '../libc/socket.ts';
import { refusal } from './refusal.ts';

/** Writes one request with NLM_F_ACK and this sequence. */
export type WriteRequest = (writer: NetlinkWriter, sequence: number) => void;

/** The kernel fills at most 32 KiB in a dump's datagram; one link's answer may be longer. */
const RECEIVE_CAPACITY = 256 * 1024;
const QUEUE_BYTES = 4 * 1024 * 1024;
/** The kernel queues its answer before sendto returns; this bound only ends a wait for one that was lost. */
const ANSWER_MS = 1000;
const DUMP_TRIES = 16;
/** One sendmsg; some 230 destinations. The refusals of one batch fit the default receive queue. */
const BATCH_BYTES = 32 * 1024;

const DONE: Ack = { errno: 0, text: '', offset: undefined, missing: undefined };

/** sockaddr_nl; port id 0 = the kernel (or, for bind, its choice). */
export function kernelAddress(groups = 0): Uint8Array {
  const address = new Uint8Array(12);
  const view = new DataView(address.buffer);
  view.setUint16(0, AF_NETLINK, true);
  view.setUint32(8, groups, true);
  return address;
}

/** Datagrams from anyone but the kernel are not ours to believe. */
export const fromKernel = (from: Uint8Array): boolean =>
  new DataView(from.buffer, from.byteOffset).getUint32(4, true) === 0;

/** Synchronous requests to the kernel over one netlink socket. Reopened by itself after a failed exchange. */
export class NetlinkSocket {
  readonly #protocol: number;
  readonly #writer = new NetlinkWriter(BATCH_BYTES);
  readonly #kernel = kernelAddress();
  #socket: RawSocket | undefined;
  #sequence = 0;

  /** @throws TandemError `io` when the process may not open one. */
  constructor(protocol: number) {
    this.#protocol = protocol;
    this.#socket = this.#open();
  }

  /** One request. @returns what `decode` made of the messages before the acknowledgement. */
  request<T>(what: string, write: WriteRequest, decode: (message: NetlinkMessage) => T): T[] {
    const sequence = this.#next();
    const results: T[] = [];
    this.#writer.clear();
    write(this.#writer, sequence);
    const ack = this.#exchange(what, (message) => {
      if (message.sequence !== sequence) return undefined;
      if (message.type === NLMSG_ERROR) return decodeAck(message);
      results.push(decode(message));
      return undefined;
    });
    if (ack.errno !== 0) throw refusal(what, ack);
    return results;
  }

  /**
   * One dump, begun anew when the kernel says that it changed meanwhile (NLM_F_DUMP_INTR) or was interrupted (EINTR).
   * `decode` sees a view that the next datagram overwrites, and skips a message by returning undefined.
   * @throws TandemError `kernel-refused`; `kernel-resync` when it changed 16 times in a row.
   */
  dump<T>(what: string, write: WriteRequest, decode: (message: NetlinkMessage) => T | undefined): T[] {
    for (let tries = 0; tries < DUMP_TRIES; tries += 1) {
      const results = this.#dumpOnce(what, write, decode);
      if (results !== 'interrupted') return results;
    }
    throw new TandemError('kernel-resync', `${what}: the kernel's table changed during ${DUMP_TRIES} reads in a row`, {
      remedy: 'find what keeps changing it: `ip monitor`',
    });
  }

  /**
   * Many requests, up to 32 KiB to a sendmsg. Goes on after a refused one, as the kernel does. Only the last one of a
   * sendmsg is acknowledged: the kernel works in order and answers a refused one in any case (af_netlink.c,
   * netlink_rcv_skb), so that whatever has no answer by then was done.
   * @returns the kernel's verdict on each, in their order.
   * @throws TandemError `kernel-resync` when answers were lost: what was done is unknown until it is read.
   */
  batch(what: string, writes: readonly WriteRequest[]): Ack[] {
    const acks: Ack[] = [];
    while (acks.length < writes.length) {
      const first = acks.length;
      const base = this.#sequence;
      this.#writer.clear();
      let count = 0;
      let start = 0;
      for (let write = writes[first]; write !== undefined && this.#writer.size < BATCH_BYTES; ) {
        if (count > 0) this.#writer.withoutFlags(start, NLM_F_ACK);
        start = this.#writer.size;
        write(this.#writer, this.#next());
        count += 1;
        write = writes[first + count];
      }
      const verdicts: Ack[] = new Array(count).fill(DONE);
      this.#exchange(what, (message) => {
        const index = ((message.sequence - base) >>> 0) - 1;
        if (message.type !== NLMSG_ERROR || index >= count) return undefined;
        const ack = decodeAck(message);
        verdicts[index] = ack;
        return index === count - 1 ? ack : undefined;
      });
      acks.push(...verdicts);
    }
    return acks;
  }

  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  #dumpOnce<T>(
    what: string,
    write: WriteRequest,
    decode: (message: NetlinkMessage) => T | undefined,
  ): T[] | 'interrupted' {
    const sequence = this.#next();
    const results: T[] = [];
    let interrupted = false;
    this.#writer.clear();
    write(this.#writer, sequence);
    const end = this.#exchange(what, (message) => {
      if (message.sequence !== sequence) return undefined;
      if ((message.flags & NLM_F_DUMP_INTR) !== 0) interrupted = true;
      if (message.type === NLMSG_DONE) return decodeDone(message);
      if (message.type === NLMSG_ERROR) return decodeAck(message);
      const value = decode(message);
      if (value !== undefined) results.push(value);
      return undefined;
    });
    if (interrupted || end.errno === EINTR) return 'interrupted';
    if (end.errno !== 0) throw refusal(what, end);
    return results;
  }

  /** Sends what the writer holds and hands every answer to `take` until that returns a verdict. */
  #exchange(what: string, take: (message: NetlinkMessage) => Ack | undefined): Ack {
    this.#socket ??= this.#open();
    const socket = this.#socket;
    try {
      socket.send(this.#writer.bytes(), this.#kernel);
      for (;;) {
        const received = socket.receive();
        if (received === undefined) {
          if (socket.wait(ANSWER_MS)) continue;
          throw new TandemError('kernel-resync', `${what}: the kernel did not answer within ${ANSWER_MS} ms`, {
            remedy: 'read the kernel state again before the next change',
          });
        }
        if (!fromKernel(received.from)) continue;
        for (const message of splitMessages(received.bytes)) {
          if (message.type === NLMSG_NOOP) continue;
          if (message.type === NLMSG_OVERRUN) throw lostAnswers(what);
          const verdict = take(message);
          if (verdict !== undefined) return verdict;
        }
      }
    } catch (error) {
      // Whatever is still queued belongs to a conversation that is over.
      this.close();
      throw error instanceof SocketError && error.errno === ENOBUFS ? lostAnswers(what) : error;
    }
  }

  #open(): RawSocket {
    const socket = new RawSocket(AF_NETLINK, SOCK_RAW, this.#protocol, RECEIVE_CAPACITY);
    try {
      socket.intOption(SOL_NETLINK, NETLINK_EXT_ACK, 1);
      socket.intOption(SOL_NETLINK, NETLINK_CAP_ACK, 1);
      socket.intOption(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
      socket.receiveQueue(QUEUE_BYTES);
      socket.bind(kernelAddress());
      return socket;
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  #next(): number {
    this.#sequence = (this.#sequence + 1) >>> 0;
    return this.#sequence;
  }
}

const lostAnswers = (what: string): TandemError =>
  new TandemError('kernel-resync', `${what}: answers were lost (ENOBUFS)`, {
    remedy: 'read the kernel state again before the next change',
  });
