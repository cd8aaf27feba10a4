import { TandemError } from '../../src/model/error.ts';
import type { TermStore } from '../../src/ports/store.ts';
import type { Dice } from './random.ts';
import type { Schedule } from './schedule.ts';

type Settled = [done?: () => void, failed?: (error: unknown) => void];

/**
 * What outlives a power cut: the term, written in order, each write durable only when its fsync is done. As in the real store
 * (firmware/store): a process that has died finishes the system call it is in and begins no other, so that what it was writing
 * lands late or never; until then the file is locked, and nobody else writes. A term that is no higher than what stands there
 * changes nothing.
 */
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
  open(enter: (run: () => void) => void, alive: () => boolean): TermStore;
  /** Called with the old and the new term at each durable write. */
  onWrite: (before: number, after: number) => void;
}

/** A process that dies while it writes is in the call that renames, or beyond it, with this chance. */
const RENAMING = 0.2;

/** @param guarded by the lock and the look at what stands there; false shows what they are for. */
export function createDisk(schedule: Schedule, dice: Dice, guarded = true): Disk {
  let term = 0;
  let powered = 0;
  let freeAt = 0;
  let damaged = false;
  let torn = 0;
  /** Of the process that wrote last: its writes under way. */
  let lock = { writes: 0 };

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
    open(enter, alive) {
      const mine = { writes: 0 };
      const save = (next: number, done?: () => void, failed?: (error: unknown) => void): void => {
        const fail = (reason: string): void => enter(() => failed?.(new TandemError('io', reason)));
        if (guarded && lock !== mine && lock.writes > 0) {
          fail('another process holds the lock');
          return;
        }
        lock = mine;
        mine.writes += 1;
        const session = powered;
        freeAt = Math.max(freeAt, schedule.now()) + dice.between(1, disk.slow);
        const { full } = disk;
        schedule.at(freeAt, () => {
          mine.writes -= 1;
          if (powered !== session) {
            const came = dice.next();
            if (came < 0.4) return;
            if (came < 0.6) {
              tear();
              return;
            }
          } else if (!alive() && !dice.chance(RENAMING)) {
            return;
          }
          if (full) {
            fail('no space left on device');
            return;
          }
          if (!guarded || damaged || next > term) write(next);
          if (powered === session) enter(() => done?.());
        });
      };
      return {
        load: () => ({ term, damaged }),
        // The lane only calls `then`, and the simulated time must not wait for microtasks.
        // biome-ignore lint/suspicious/noThenProperty: stands in for a promise that settles in simulated time.
        save: (next) => ({ then: (...how: Settled) => save(next, ...how) }) as unknown as Promise<void>,
      };
    },
  };
  return disk;
}
