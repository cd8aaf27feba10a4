import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { TandemError } from '../../src/model/error.ts';

/** Layers of one kind that are kept; older ones (by last use) are removed. A running VM holds its files open anyway. */
const keptPerKind = 3;
/** Longest wait for another build on this machine. */
const lockSeconds = 600;

/** Where everything that can be made again lives: `$TANDEM_CACHE`, else `$XDG_CACHE_HOME/tandem`, else `~/.cache/tandem`. */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  return env.TANDEM_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tandem');
}

/**
 * Holds the cache alone while `work` runs. flock(1) keeps the lock for as long as its standard input stays open, so the
 * lock is gone with this process however it ends.
 * @throws TandemError `io` when another build holds it for ten minutes.
 */
async function locked<T>(dir: string, work: () => Promise<T>): Promise<T> {
  const args = ['-w', String(lockSeconds), join(dir, 'lock'), 'sh', '-c', 'echo held; exec cat'];
  const holder = spawn('flock', args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => holder.on('close', () => resolve()));
  try {
    await new Promise<void>((resolve, reject) => {
      holder.stdout.once('data', () => resolve());
      holder.once('error', (cause) => reject(new TandemError('io', `flock: ${cause.message}`, { cause })));
      holder.once('exit', () =>
        reject(new TandemError('io', `another build holds ${dir}/lock for over ${lockSeconds} s`)),
      );
    });
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}

async function prune(kindDir: string, keep: string): Promise<void> {
  const used = await Promise.all(
    (await readdir(kindDir)).map(async (name) => ({ name, at: (await stat(join(kindDir, name))).mtimeMs })),
  );
  const old = used
    .filter(({ name }) => name !== keep)
    .sort((left, right) => right.at - left.at)
    .slice(keptPerKind - 1);
  for (const { name } of old) await rm(join(kindDir, name), { recursive: true, force: true });
}

/**
 * The folder of one cached layer, built when it is not there. `build` fills an empty folder beside the final place, which
 * is renamed when it is complete: an interrupted build leaves only rubbish that the next one removes.
 */
export async function layer(
  kind: string,
  key: string,
  build: (dir: string) => Promise<void>,
  cache: string = cacheDir(),
): Promise<{ dir: string; built: boolean }> {
  const kindDir = join(cache, kind);
  const dir = join(kindDir, key);
  const rubbish = join(cache, 'unfinished');
  const touch = async () => {
    await utimes(dir, new Date(), new Date());
    return { dir, built: false };
  };
  if (existsSync(dir)) return touch();
  await mkdir(kindDir, { recursive: true });
  return locked(cache, async () => {
    if (existsSync(dir)) return touch();
    await rm(rubbish, { recursive: true, force: true });
    const work = join(rubbish, randomBytes(4).toString('hex'));
    await mkdir(work, { recursive: true });
    try {
      await build(work);
      await rename(work, dir);
    } finally {
      await rm(rubbish, { recursive: true, force: true });
    }
    await prune(kindDir, key);
    return { dir, built: true };
  });
}
