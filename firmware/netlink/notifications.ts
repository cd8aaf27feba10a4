import { NETLINK_ROUTE } from '../../src/codec/netlink/constants.ts';
import { splitMessages } from '../../src/codec/netlink/message.ts';
import { notificationKind, WATCHED_GROUPS } from '../../src/codec/rtnetlink/notification.ts';
import { TandemError } from '../../src/model/error.ts';
import type { Close } from '../../src/ports/clock.ts';
import { ENOBUFS } from '../libc/errno.ts';
import { onReadable } from '../libc/readable.ts';
import { AF_NETLINK, RawSocket, SOCK_RAW, SocketError } from '../libc/socket.ts';
import { fromKernel, kernelAddress } from './socket.ts';

export type Change = 'link' | 'address' | 'resync';

const CAPACITY = 64 * 1024;
export const NOTIFICATION_QUEUE_BYTES = 1024 * 1024;
/** Datagrams handled in one turn of the event loop; the rest waits for the next one. */
const TURN = 256;

/**
 * Link and address notifications on a socket of their own. Those of one turn are told once per kind. What the kernel
 * dropped (ENOBUFS), cut or garbled is told as `resync`.
 */
export function watchNetwork(onChange: (change: Change) => void, queueBytes: number): Close {
  const socket = new RawSocket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, CAPACITY);
  try {
    socket.receiveQueue(queueBytes);
    socket.bind(kernelAddress(WATCHED_GROUPS));
  } catch (error) {
    socket.close();
    throw error;
  }
  let open = true;
  const stop = onReadable(socket.fd, () => {
    for (const change of drain(socket)) if (open) onChange(change);
  });
  return () => {
    if (!open) return;
    open = false;
    stop();
    socket.close();
  };
}

function drain(socket: RawSocket): ReadonlySet<Change> {
  const changes = new Set<Change>();
  for (let datagrams = 0; datagrams < TURN; datagrams += 1) {
    try {
      const received = socket.receive();
      if (received === undefined) break;
      if (!fromKernel(received.from)) continue;
      for (const message of splitMessages(received.bytes)) {
        const kind = notificationKind(message);
        if (kind !== undefined) changes.add(kind);
      }
    } catch (error) {
      const lost = error instanceof SocketError ? error.errno === ENOBUFS : error instanceof TandemError;
      if (!lost) throw error;
      changes.add('resync');
    }
  }
  return changes;
}
