import koffi from 'koffi';

const libc = koffi.load('libc.so.6');
const posixOpenpt = libc.func('int posix_openpt(int flags)');
const grantpt = libc.func('int grantpt(int fd)');
const unlockpt = libc.func('int unlockpt(int fd)');
const ptsname = libc.func('const char *ptsname(int fd)');

const O_RDWR_NOCTTY = 0o2 | 0o400;

/** A pseudo terminal (pty(7)): bytes written to `master` arrive on the terminal at `path`. */
export function openPty(): { readonly master: number; readonly path: string } {
  const master: number = posixOpenpt(O_RDWR_NOCTTY);
  if (master < 0 || grantpt(master) !== 0 || unlockpt(master) !== 0)
    throw new Error('no pseudo terminal could be opened');
  return { master, path: ptsname(master) as string };
}
