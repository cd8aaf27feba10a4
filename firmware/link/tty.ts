import { read, readSync } from 'node:fs';
import { libc } from '../libc/libc.ts';

const POLLIN = 1;

/** Bytes of one read; a tty holds no more. */
const READ = 4096;

/** Bytes that one read(2) gives of a tty at the most, when termios(3) VMIN is more (n_tty.c). */
const CHUNK = 64;

/**
 * What a tty holds, waited for in a thread of the pool: read(2), poll(2) and epoll_wait(2) on a tty that has too little
 * wait until an ordinary worker of the kernel has emptied the UART's buffer (tty_buffer_flush_work in
 * drivers/tty/n_tty.c). On a busy box that takes as long as its ordinary programs wait for a turn, and whoever beats must
 * not wait with them.
 */
export function openTty(fd: number) {
  const pollfd = new Uint8Array(8);
  new DataView(pollfd.buffer).setInt32(0, fd, true);
  new DataView(pollfd.buffer).setInt16(4, POLLIN, true);
  const bytes = new Uint8Array(READ);

  const whenReady = (ms: number): Promise<boolean> =>
    new Promise((done) => libc.pollAside(pollfd, 1, ms, (_error, count) => done(count > 0)));

  return {
    /**
     * The first `enough` bytes, which must be the line's VMIN, as soon as it holds them; after `ms` whatever it holds,
     * perhaps nothing. Valid until the next call. undefined when the line has hung up.
     */
    async take(enough: number, ms: number): Promise<Uint8Array | undefined> {
      if (!(await whenReady(ms))) return readAside(fd, bytes);
      let held = 0;
      // Not one byte more than is there for certain: that would be the wait that the pool is there for.
      while (held < enough) {
        const length = readNow(fd, bytes.subarray(held, Math.min(held + CHUNK, enough)));
        if (length === undefined) break;
        if (length === 0) return undefined;
        held += length;
      }
      return bytes.subarray(0, held);
    },
  };
}

function readAside(fd: number, bytes: Uint8Array): Promise<Uint8Array | undefined> {
  return new Promise((done) =>
    read(fd, bytes, 0, bytes.length, null, (error, length) => {
      if (error?.code === 'EAGAIN') done(bytes.subarray(0, 0));
      else done(error || length === 0 ? undefined : bytes.subarray(0, length));
    }),
  );
}

/** undefined when there is none, 0 when the line has hung up. */
function readNow(fd: number, bytes: Uint8Array): number | undefined {
  try {
    return readSync(fd, bytes);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? undefined : 0;
  }
}
