import { read } from 'node:fs';
import { promisify } from 'node:util';
import { libc } from '../libc/libc.ts';

const POLLIN = 1;

/** Bytes of one read; a tty holds no more. */
const READ = 4096;

/**
 * What a tty holds, asked for in a thread of the pool: read(2), poll(2) and epoll_wait(2) on a tty that has nothing wait
 * until an ordinary worker of the kernel has emptied the UART's buffer (tty_buffer_flush_work in drivers/tty/n_tty.c).
 * On a busy box that takes as long as its ordinary programs wait for a turn, and whoever beats must not wait with them.
 */
export function openTty(fd: number) {
  const pollfd = new Uint8Array(8);
  new DataView(pollfd.buffer).setInt32(0, fd, true);
  new DataView(pollfd.buffer).setInt16(4, POLLIN, true);
  const bytes = new Uint8Array(READ);
  return {
    /** Settles when the line holds termios(3) VMIN bytes, has hung up, or after `ms`. */
    wait: (ms: number): Promise<void> => new Promise((done) => libc.pollAside(pollfd, 1, ms, () => done())),

    /** Bytes, valid until the next read; none when the line has hung up; undefined when it holds none now. */
    async read(): Promise<Uint8Array | undefined> {
      try {
        const { bytesRead } = await readAside(fd, bytes, 0, READ, null);
        return bytes.subarray(0, bytesRead);
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? undefined : bytes.subarray(0, 0);
      }
    },
  };
}

const readAside = promisify(read);
