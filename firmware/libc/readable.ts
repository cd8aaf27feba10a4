import native from 'epoll';
import type { Close } from '../../src/ports/clock.ts';

const { Epoll } = native;

/**
 * Calls `drain` whenever the descriptor has something to read or an error to fetch, until closed. `drain` must read
 * until EAGAIN; the level-triggered wait calls it again otherwise. Keeps the process alive while open.
 */
export function onReadable(fd: number, drain: () => void): Close {
  let open = true;
  const epoll = new Epoll(() => {
    if (open) drain();
  });
  epoll.add(fd, Epoll.EPOLLIN | Epoll.EPOLLERR);
  return () => {
    if (!open) return;
    open = false;
    epoll.remove(fd).close();
  };
}
