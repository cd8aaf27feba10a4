import { libc } from './libc.ts';

/** epoll_ctl(2), epoll_wait(2). */
const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLLOUT = 4;
const EPOLLERR = 8;
const EPOLLHUP = 16;
const AT_ONCE = 256;

/** `struct epoll_event` is packed on x86-64 and aligned elsewhere (sys/epoll.h). */
const SIZE = process.arch === 'x64' ? 12 : 16;
const DATA = SIZE - 8;

/**
 * Many descriptors of which each is waited for once, until it can be written to or has failed. It is asked and does not
 * call: one look tells of all that is ready, which costs a system call for hundreds instead of a wake-up for each.
 */
export class ConnectQueue {
  readonly #fd: number;
  readonly #event = new Uint8Array(SIZE);
  readonly #eventView = new DataView(this.#event.buffer);
  readonly #events = new Uint8Array(SIZE * AT_ONCE);
  readonly #eventsView = new DataView(this.#events.buffer);

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Waits for `fd` under a number of the caller's (32 bits) until it is closed. @returns false with `errno` set */
  add(fd: number, number: number): boolean {
    this.#eventView.setUint32(0, EPOLLOUT, true);
    this.#eventView.setUint32(DATA, number, true);
    return libc.epoll_ctl(this.#fd, EPOLL_CTL_ADD, fd, this.#event) === 0;
  }

  /** Calls `ready` for all that are ready now, some of which may have failed, and does not wait. */
  look(ready: (number: number, failed: boolean) => void): void {
    for (;;) {
      const count = libc.epoll_wait(this.#fd, this.#events, AT_ONCE, 0);
      for (let at = 0; at < count; at += 1) {
        const flags = this.#eventsView.getUint32(at * SIZE, true);
        ready(this.#eventsView.getUint32(at * SIZE + DATA, true), (flags & (EPOLLERR | EPOLLHUP)) !== 0);
      }
      if (count < AT_ONCE) return;
    }
  }

  close(): void {
    libc.close(this.#fd);
  }
}

/** undefined with `errno` set when the kernel gives none. */
export function openConnectQueue(): ConnectQueue | undefined {
  const fd = libc.epoll_create1(EPOLL_CLOEXEC);
  return fd < 0 ? undefined : new ConnectQueue(fd);
}
