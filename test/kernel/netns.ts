import { execFileSync } from 'node:child_process';
import koffi from 'koffi';

const CLONE_NEWNET = 0x4000_0000;
const CLONE_NEWNS = 0x0002_0000;

/**
 * Moves this thread, and every program it starts from here on, into a fresh network namespace, so that a test meets
 * nothing but what it made. It vanishes with the process.
 */
export function enterNamespace(): void {
  unshare('CLONE_NEWNET', CLONE_NEWNET);
  sh('ip link set lo up');
}

/** Makes /sys show the devices of the namespace entered before, to this thread and the programs that it starts: sysfs(5) is bound to the one it was mounted in. */
export function mountOwnSysfs(): void {
  unshare('CLONE_NEWNS', CLONE_NEWNS);
  sh('mount --make-rprivate /; mount -t sysfs none /sys');
}

function unshare(name: string, flags: number): void {
  const call = koffi.load('libc.so.6').func('int unshare(int)') as (flags: number) => number;
  if (call(flags) !== 0) throw new Error(`unshare(${name}): errno ${koffi.errno()}; the kernel floor needs root`);
}

/** Runs a shell script. @returns its standard output. @throws with its words when any command of it fails. */
export const sh = (script: string): string =>
  execFileSync('sh', ['-euc', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** What a program prints as JSON, e.g. `ip -j addr`. */
export const json = <T>(command: string): T => JSON.parse(sh(command)) as T;

/** A queue of things that happen, with a wait that has an end. */
export class Happenings<T> {
  readonly #seen: T[] = [];
  #wake: () => void = () => {};

  readonly add = (value: T): void => {
    this.#seen.push(value);
    this.#wake();
  };

  /** All so far, oldest first. */
  seen(): readonly T[] {
    return this.#seen;
  }

  clear(): void {
    this.#seen.length = 0;
  }

  /** The first one, past or to come, that fits. @throws when none came within `ms`. */
  async wait(what: string, fits: (value: T) => boolean, ms = 5000): Promise<T> {
    const deadline = performance.now() + ms;
    for (;;) {
      const found = this.#seen.find(fits);
      if (found !== undefined) return found;
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`${what}: not within ${ms} ms; there was ${JSON.stringify(this.#seen)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
