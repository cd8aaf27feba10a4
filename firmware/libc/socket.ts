import { TandemError } from '../../src/model/error.ts';
import { EAGAIN, EINTR, errnoName, errnoText } from './errno.ts';
import { errno, libc } from './libc.ts';

/** socket(2), packet(7), netlink(7). */
export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_NETLINK = 16;
export const AF_PACKET = 17;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
export const SO_ERROR = 4;
export const SO_RCVBUF = 8;
export const SO_LINGER = 13;
export const SO_ATTACH_FILTER = 26;
export const SO_RCVBUFFORCE = 33;

export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;
const MSG_TRUNC = 0x20;
const POLLIN = 1;
const EINTR_LIMIT = 100;

/** What one receive brought. Both arrays are reused by the next receive of the same socket. */
export interface Received {
  readonly bytes: Uint8Array;
  /** The sender in the kernel's layout (sockaddr_nl, sockaddr_ll). */
  readonly from: Uint8Array;
}

/** The sender's word for a call that the kernel refused. */
export class SocketError extends TandemError {
  readonly errno: number;

  constructor(what: string, number: number, remedy?: string) {
    const detail = `${what} failed: ${errnoName(number)} (${errnoText(number)})`;
    super('io', detail, remedy === undefined ? {} : { remedy });
    this.name = 'SocketError';
    this.errno = number;
  }
}

/** A non-blocking raw socket with one receive buffer. EINTR is retried inside, at most 100 times in a row. */
export class RawSocket {
  readonly fd: number;
  readonly #buffer: Uint8Array;
  readonly #from: Uint8Array;
  readonly #fromSize = new Uint32Array(1);
  readonly #pollfd = new Uint8Array(8);
  #open = true;

  /** @param capacity bytes of the receive buffer; a longer datagram is an error, never cut silently. */
  constructor(family: number, type: number, protocol: number, capacity: number) {
    this.#buffer = new Uint8Array(capacity);
    this.#from = new Uint8Array(32);
    this.fd = this.#call('opening a raw socket', () =>
      libc.socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol),
    );
    const view = new DataView(this.#pollfd.buffer);
    view.setInt32(0, this.fd, true);
    view.setInt16(4, POLLIN, true);
  }

  bind(address: Uint8Array): void {
    this.#call('binding a raw socket', () => libc.bind(this.fd, address, address.length));
  }

  option(level: number, option: number, value: Uint8Array): void {
    this.#call(`setting socket option ${level}/${option}`, () =>
      libc.setsockopt(this.fd, level, option, value, value.length),
    );
  }

  intOption(level: number, option: number, value: number): void {
    this.option(level, option, new Uint8Array(Int32Array.of(value).buffer));
  }

  /** Classic BPF, 8 bytes an instruction: what it does not pass never reaches this process. */
  filter(program: Uint8Array): void {
    const fprog = { len: program.length / 8, filter: program };
    this.#call('attaching a packet filter', () => libc.attachFilter(this.fd, SOL_SOCKET, SO_ATTACH_FILTER, fprog, 16));
  }

  /** Asks for `bytes` of receive queue, past the system's limit where the process may (CAP_NET_ADMIN). */
  receiveQueue(bytes: number): void {
    try {
      this.intOption(SOL_SOCKET, SO_RCVBUFFORCE, bytes);
    } catch {
      this.intOption(SOL_SOCKET, SO_RCVBUF, bytes);
    }
  }

  /** @throws SocketError, also when less than everything went out. */
  send(bytes: Uint8Array, to: Uint8Array): void {
    const sent = this.#call('sending', () => libc.sendto(this.fd, bytes, bytes.length, 0, to, to.length));
    if (sent !== bytes.length) throw new TandemError('io', `sent ${sent} of ${bytes.length} bytes`);
  }

  /** The next datagram, or undefined when there is none. @throws SocketError, TandemError `io` when it was cut. */
  receive(): Received | undefined {
    const { fd } = this;
    for (let tries = 0; ; tries += 1) {
      this.#fromSize[0] = this.#from.length;
      const size = libc.recvfrom(fd, this.#buffer, this.#buffer.length, MSG_TRUNC, this.#from, this.#fromSize);
      if (size > this.#buffer.length) {
        throw new TandemError('io', `a message of ${size} bytes was cut at ${this.#buffer.length}`, {
          remedy: 'report this: the receive buffer is too small for what the kernel sends',
        });
      }
      if (size >= 0) return { bytes: this.#buffer.subarray(0, size), from: this.#from };
      const number = errno();
      if (number === EAGAIN) return undefined;
      if (number !== EINTR || tries >= EINTR_LIMIT) throw new SocketError('receiving', number);
    }
  }

  /** Waits until there is something to receive. @returns false when `timeoutMs` passed first. */
  wait(timeoutMs: number): boolean {
    return this.#call('waiting for an answer', () => libc.poll(this.#pollfd, 1, timeoutMs)) > 0;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    libc.close(this.fd);
  }

  #call(what: string, call: () => number): number {
    for (let tries = 0; ; tries += 1) {
      const result = call();
      if (result >= 0) return result;
      const number = errno();
      if (number === EINTR && tries < EINTR_LIMIT) continue;
      const remedy = number === 1 || number === 13 ? 'run as root or with CAP_NET_ADMIN and CAP_NET_RAW' : undefined;
      throw new SocketError(what, number, remedy);
    }
  }
}
