import { close, open } from 'node:fs';
import { promisify } from 'node:util';
import { TandemError } from '../../src/model/error.ts';
import { EAGAIN, errnoText } from '../libc/errno.ts';
import { errno, libc } from '../libc/libc.ts';

/** sys/file.h. */
const LOCK_EX = 2;
const LOCK_NB = 4;

export interface FileLock {
  /**
   * Resolves once this process has the file's lock, which it then keeps for its life; does not wait for whoever has it.
   * @throws TandemError `io` while another process has it, or when the file cannot be opened.
   */
  hold(): Promise<void>;
}

/**
 * A lock of the kernel's on the file at `path` (flock(2)), which is made where there is none. It belongs to the open file, so it
 * is gone when the last thread of the process is: one that died inside a system call has it until that call returns.
 */
export function fileLock(path: string): FileLock {
  let held = false;
  return {
    async hold() {
      if (held) return;
      // A bare descriptor, never closed: a FileHandle that is collected would take the lock with it.
      const file = await promisify(open)(path, 'a', 0o600).catch((cause: Error) => {
        throw new TandemError('io', `${path} could not be opened: ${cause.message}`, {
          remedy: 'make room on the disk and see that it is not read-only',
          cause,
        });
      });
      if (libc.flock(file, LOCK_EX | LOCK_NB) === 0) {
        held = true;
        return;
      }
      const code = errno();
      await promisify(close)(file);
      if (code !== EAGAIN) throw new TandemError('io', `${path} could not be locked: ${errnoText(code)}`);
      throw new TandemError('io', `another process holds ${path}`, {
        remedy:
          'a lane that was killed still waits for the disk, or a second one runs: see to the disk, and end the other',
      });
    },
  };
}
