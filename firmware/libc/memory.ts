import { readFileSync } from 'node:fs';
import { TandemError } from '../../src/model/error.ts';
import { errnoName } from './errno.ts';
import { errno, libc } from './libc.ts';

const MLOCK_ONFAULT = 1;

/** A line of /proc/PID/maps (proc_pid_maps(5)) with an inode: what a file stands behind. */
const FILE_BACKED = /^([0-9a-f]+)-([0-9a-f]+) \S+ \S+ \S+ (?!0 )\d+/;

/**
 * Keeps every page of program and libraries in memory that this process has touched or will touch (mlock2(2)): the kernel
 * could drop them and read them from the disk again. What no file stands behind goes nowhere without swap, which the
 * unit forbids (MemorySwapMax), and must not be locked: the runtime gives such pages back by madvise(2), which refuses
 * locked ones, and V8 ends the process then (OS::DiscardSystemPages in src/base/platform/platform-posix.cc). To be called
 * when everything is loaded.
 * @throws TandemError `io` when the limit does not allow it.
 */
export function lockMemory(): void {
  for (const line of readFileSync('/proc/self/maps', 'latin1').split('\n')) {
    const [, from, to] = FILE_BACKED.exec(line) ?? [];
    if (from === undefined || to === undefined) continue;
    const address = Number.parseInt(from, 16);
    if (libc.mlock2(address, Number.parseInt(to, 16) - address, MLOCK_ONFAULT) === 0) continue;
    throw new TandemError('io', `locking memory failed: ${errnoName(errno())}`, {
      remedy: 'give the unit LimitMEMLOCK=infinity or CAP_IPC_LOCK',
    });
  }
}
