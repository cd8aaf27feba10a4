import { TandemError } from '../../src/model/error.ts';
import type { TermStore } from '../../src/ports/store.ts';
import type { Dice } from './random.ts';
import type { Schedule } from './schedule.ts';

/** What outlives a power cut: the term, written in order, each write durable only when its fsync is done. */
export interface Disk {
  readonly term: () => number;
  full: boolean;
  /** Longest fsync for the time being, ms. */
  slow: number;
  /** How often what was under way came out neither old nor new, so that nothing can be read any more. */
  readonly torn: () => number;
  /** What was under way is lost, or is not, or is torn: nobody can know. */
  cutPower(): void;
  /** A process's door to it; answers reach the process by `enter`. */
  open(enter: (run: () => void) => void): TermStore;
  /** Called with the old and the new term at each durable write. */
  onWrite: (before: number, after: number) => void;
}

export function createDisk(schedule: Schedule, dice: Dice): Disk {
  let term = 0;
  let powered = 0;
  let freeAt = 0;
  let damaged = false;
  let torn = 0;

  const write = (next: number): void => {
    disk.onWrite(term, next);
    term = next;
    damaged = false;
  };

  /** A disk that said it had written and had not: the file is there and is none. */
  const tear = (): void => {
    term = 0;
    damaged = true;
    torn += 1;
  };

  const disk: Disk = {
    term: () => term,
    torn: () => torn,
    full: false,
    slow: 20,
    onWrite: () => {},
    cutPower() {
      powered += 1;
    },
    open: (enter) => ({
      load: () => ({ term, damaged }),
      save(next) {
        // The lane only calls `then`, and the simulated time must not wait for microtasks.
        return {
          // biome-ignore lint/suspicious/noThenProperty: stands in for a promise that settles in simulated time.
          then(done?: () => void, failed?: (error: unknown) => void) {
            const session = powered;
            freeAt = Math.max(freeAt, schedule.now()) + dice.between(1, disk.slow);
            const { full } = disk;
            schedule.at(freeAt, () => {
              if (powered !== session) {
                const came = dice.next();
                if (came < 0.4) return;
                if (came < 0.6) return tear();
              }
              if (full) return enter(() => failed?.(new TandemError('io', 'no space left on device')));
              write(next);
              if (powered === session) enter(() => done?.());
            });
          },
        } as unknown as Promise<void>;
      },
    }),
  };
  return disk;
}
