import { TandemError } from '../../src/model/error.ts';
import { errnoName } from './errno.ts';
import { errno, libc } from './libc.ts';

const MCL_CURRENT = 1;
const MCL_FUTURE = 2;
const MCL_ONFAULT = 4;

/**
 * Keeps every page this process has touched or will touch in memory (mlockall(2)). With MCL_ONFAULT only touched pages
 * count, so the resident size does not grow to all that the runtime has reserved.
 * @throws TandemError `io` when the limit does not allow it.
 */
export function lockMemory(): void {
  if (libc.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) === 0) return;
  throw new TandemError('io', `locking memory failed: ${errnoName(errno())}`, {
    remedy: 'give the unit LimitMEMLOCK=infinity or CAP_IPC_LOCK',
  });
}
