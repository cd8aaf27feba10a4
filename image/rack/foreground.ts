import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { TandemError } from '../../src/model/error.ts';
import { boxImage } from '../build/image.ts';
import { emulator } from '../vm/emulator.ts';
import { whenOrphaned } from './ancestors.ts';
import { now } from './drill/program.ts';
import type { InsideOptions } from './inside.ts';
import { needs } from './needs.ts';
import type { Place } from './place.ts';
import { openPorts } from './web.ts';

/** Longest orderly end before the world is killed. */
const END_MS = 5000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** One rack a checkout. Held until this process ends. @throws TandemError `refused` when another process holds it. */
async function hold(place: Place): Promise<void> {
  const lock = createServer((socket) => socket.destroy());
  lock.unref().listen(place.lock);
  try {
    await once(lock, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new TandemError('refused', 'a rack of this checkout runs already', {
      remedy: 'reach it with `npm run rack -- status`, end it with `npm run rack -- down`',
    });
  }
}

/** Nothing is left to do but to end: the world goes down in order, or is killed. */
function endOn(child: ChildProcess): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    // The world ends itself when this channel closes, so it also does when this process is killed.
    if (child.connected) child.disconnect();
    setTimeout(() => child.kill('SIGKILL'), END_MS).unref();
  };
  for (const signal of SIGNALS) process.on(signal, end);
  whenOrphaned(end);
}

/**
 * Builds the image and runs the rack until it ends; resolves with the exit code.
 * @param then a verb to do when the rack is whole, after which it ends; left out, the rack stays and is watched.
 * @param configured false = boxes as they leave the factory.
 * @param deadline that the pair's heartbeat is to end with, ms; left out, the rack's own.
 */
export async function up(
  place: Place,
  then?: readonly string[],
  configured = true,
  deadline?: number,
): Promise<number> {
  const started = now();
  await hold(place);
  const unshare = needs();
  // Until the world stands there is nothing to take down, but whoever started us may go away during a long build.
  whenOrphaned(() => process.exit(1));
  await emulator(say);
  const image = await boxImage('rack', say);
  await rm(place.dir, { recursive: true, force: true });
  await mkdir(place.dir, { recursive: true, mode: 0o700 });
  const web = {
    urls: await openPorts(place),
    password: configured ? randomBytes(12).toString('base64url') : undefined,
  };
  const options: InsideOptions = { place, image, then, configured, deadline, started, web };
  const program = [process.execPath, join(import.meta.dirname, 'inside.ts'), JSON.stringify(options)];
  // A session of its own: Ctrl-C reaches this process alone, which then ends the world in order.
  const child = spawn('unshare', [...unshare, ...program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  endOn(child);
  process.stdout.on('resize', () => child.connected && child.send(process.stdout.getWindowSize()));
  const [code] = (await once(child, 'exit')) as [number | null];
  await rm(place.dir, { recursive: true, force: true });
  return code ?? 1;
}
