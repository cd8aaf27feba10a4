import type { ProbeTarget } from '../../src/ports/health.ts';
import type { ConnectQueue } from '../libc/connectQueue.ts';
import { EINPROGRESS, EINTR } from '../libc/errno.ts';
import { familyOf, inetAddress } from '../libc/inet.ts';
import { errno, libc } from '../libc/libc.ts';
import { SO_ERROR, SO_LINGER, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM, SOL_SOCKET } from '../libc/socket.ts';

/** ip(7). */
const IPPROTO_IP = 0;
const IP_BIND_ADDRESS_NO_PORT = 24;

const ON = new Uint8Array(Int32Array.of(1).buffer);
/** struct linger, on and 0 s: close(2) resets the connection. */
const RESET = new Uint8Array(Int32Array.of(1, 0).buffer);
const value = new Int32Array(1);
const size = new Uint32Array(1);

/**
 * Begins a handshake and has the queue wait for it. The kernel chooses the local port when it knows both ends
 * (IP_BIND_ADDRESS_NO_PORT), so that one port serves many servers at once. A source of another family than the
 * server's is left to the kernel.
 * @returns the descriptor, or the negative errno
 */
export function beginConnect(
  queue: ConnectQueue,
  number: number,
  { address, port, source }: Omit<ProbeTarget, 'question'>,
): number {
  const to = inetAddress(address, port);
  const fd = libc.socket(familyOf(to), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno();
  if (!(bindTo(fd, to, source) && begun(fd, to) && queue.add(fd, number))) {
    const reason = errno();
    libc.close(fd);
    return -reason;
  }
  return fd;
}

function bindTo(fd: number, to: Uint8Array, source: string | undefined): boolean {
  if (source === undefined) return true;
  const from = inetAddress(source, 0);
  if (from.length !== to.length) return true;
  libc.setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, ON, ON.length);
  return libc.bind(fd, from, from.length) === 0;
}

function begun(fd: number, to: Uint8Array): boolean {
  if (libc.connect(fd, to, to.length) === 0) return true;
  const number = errno();
  return number === EINPROGRESS || number === EINTR;
}

/** Why a socket failed, as errno; 0 = it did not. */
export function failureOf(fd: number): number {
  size[0] = 4;
  return libc.getsockopt(fd, SOL_SOCKET, SO_ERROR, value, size) === 0 ? value[0]! : errno();
}

/** @param reset an open connection ends with RST, and its port is free at once */
export function endConnect(fd: number, reset: boolean): void {
  if (reset) libc.setsockopt(fd, SOL_SOCKET, SO_LINGER, RESET, RESET.length);
  libc.close(fd);
}
