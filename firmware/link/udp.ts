import { createSocket, type Socket } from 'node:dgram';
import { MAX_FRAME } from '../../src/codec/beatFrame.ts';
import type { LinkId } from '../../src/model/pair.ts';
import type { PeerLink } from '../../src/ports/peer.ts';
import { ECONNREFUSED } from '../libc/errno.ts';
import { inetAddress } from '../libc/inet.ts';
import { errno, libc } from '../libc/libc.ts';
import { AF_INET, SO_REUSEADDR, SOCK_CLOEXEC, SOCK_DGRAM, SOCK_NONBLOCK, SOL_SOCKET } from '../libc/socket.ts';
import { createTally } from './tally.ts';

/** Where a data NIC's beats go: from our own address on that NIC to the twin's, never from a float. */
export interface UdpPath {
  readonly id: LinkId;
  readonly local: string;
  readonly peer: string;
  readonly port: number;
}

/** Between attempts to bind while the NIC has no address yet, ms. */
const REBIND = 500;

/**
 * Beats as UDP datagrams over one data NIC. A NIC that is down or without its address is retried for ever. The runtime hears
 * on the socket; it is sent on with one system call, because the runtime's own way comes back for each datagram later.
 */
export function openUdpLink(path: UdpPath): PeerLink {
  const tally = createTally();
  let receive: (frame: Uint8Array) => void = () => {};
  let socket: Socket | undefined;
  let descriptor: number | undefined;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  const shut = (): void => {
    descriptor = undefined;
    socket?.close();
    socket = undefined;
  };

  const again = (): void => {
    tally.count('socket');
    shut();
    if (!closed) retry = setTimeout(open, REBIND);
  };

  const open = (): void => {
    const fd = openConnected(path);
    if (fd === undefined) {
      again();
      return;
    }
    const fresh = createSocket({ type: 'udp4' });
    socket = fresh;
    fresh.on('message', (bytes) => {
      if (bytes.length > MAX_FRAME) tally.count('oversized');
      else receive(bytes);
    });
    fresh.on('error', (error: NodeJS.ErrnoException) => {
      // The twin's kernel says that nobody listens there: true until its lane starts, and no fault of this socket.
      if (error.code === 'ECONNREFUSED') tally.count('refused');
      else if (socket === fresh) again();
    });
    fresh.bind({ fd });
    descriptor = fd;
  };
  open();

  return {
    id: path.id,
    send(frame) {
      if (descriptor === undefined) tally.count('unbound');
      else if (libc.sendto(descriptor, frame, frame.length, 0, null, 0) !== frame.length) {
        tally.count(errno() === ECONNREFUSED ? 'refused' : 'unsent');
      }
    },
    onFrame(to) {
      receive = to;
    },
    drops: tally.read,
    close() {
      if (closed) return;
      closed = true;
      clearTimeout(retry);
      shut();
    },
  };
}

/**
 * A non-blocking socket that the kernel lets only the twin's datagrams into, and that sends without the look-up of an
 * address. undefined while the NIC has not got its address.
 */
function openConnected({ local, peer, port }: UdpPath): number | undefined {
  const fd = libc.socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return undefined;
  const [from, to] = [inetAddress(local, port), inetAddress(peer, port)];
  const yes = new Uint8Array(Int32Array.of(1).buffer);
  if (
    libc.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, yes, yes.length) === 0 &&
    libc.bind(fd, from, from.length) === 0 &&
    libc.connect(fd, to, to.length) === 0
  ) {
    return fd;
  }
  libc.close(fd);
  return undefined;
}
