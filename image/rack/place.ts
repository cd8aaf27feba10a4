import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { TandemError } from '../../src/model/error.ts';
import { cacheDir } from '../build/cache.ts';

export const checkout = join(import.meta.dirname, '..', '..');

/** Longest path of a Unix socket without its closing zero (sun_path, unix(7)). */
const LONGEST_SOCKET = 107;
const LONGEST_NAME = 'control.sock';

/** Where the rack of one checkout keeps what it needs while it runs. */
export interface Place {
  /** In the cache; emptied at each start and end. */
  readonly dir: string;
  /** Unix socket on which the verbs reach the running rack. */
  readonly control: string;
  /** Abstract Unix socket (unix(7)) that whoever runs the rack holds: it is gone with its process. */
  readonly lock: string;
}

/** @throws TandemError `refused` when the cache lies so deep that no socket can be made in it. */
export function placeOf(root: string = checkout, cache: string = cacheDir()): Place {
  const key = createHash('sha256').update(root).digest('hex').slice(0, 8);
  const dir = join(cache, 'rack', key);
  if (Buffer.byteLength(join(dir, LONGEST_NAME)) > LONGEST_SOCKET) {
    throw new TandemError('refused', `the path ${dir} is too long for Unix sockets`, {
      remedy: `set TANDEM_CACHE to a folder whose path is shorter than ${LONGEST_SOCKET - 30} characters`,
    });
  }
  return { dir, control: join(dir, LONGEST_NAME), lock: `\0tandem-rack-${key}` };
}
