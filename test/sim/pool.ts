import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { add, emptyTally, type Tally } from './tally.ts';
import type { Block, Done } from './worker.ts';
import type { Timing } from './world.ts';

/** Seeds handed to a thread at a time. */
const BLOCK = 20;

export interface Work {
  readonly first: number;
  readonly seeds: number;
  readonly jobs: number;
  /** A sabotage by its name. */
  readonly without: string | undefined;
  /** Of the heartbeat; left out, the usual one. */
  readonly timing?: Timing | undefined;
}

export interface Result {
  readonly tally: Tally;
  /** The lowest seed that failed. */
  readonly failed: number | undefined;
}

/**
 * Runs seeds in `jobs` threads. Blocks are handed out in order and none after a failure, and those under way are waited
 * for, so the lowest failing seed is the same however many threads there are.
 */
export async function runSeeds(
  { first, seeds, jobs, without, timing }: Work,
  onBlock?: (tally: Tally) => void,
): Promise<Result> {
  // The threads fill the processors: helpers of each one's collector would take turns with the others' seeds.
  setFlagsFromString('--single-threaded-gc');
  setFlagsFromString('--max-semi-space-size=32');
  const tally = emptyTally();
  const end = first + seeds;
  let next = first;
  let failed: number | undefined;

  const take = (): Block | undefined => {
    if (next >= end || failed !== undefined) return undefined;
    const block = { first: next, seeds: Math.min(BLOCK, end - next), without, timing };
    next += block.seeds;
    return block;
  };

  const serve = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      const give = (): void => {
        const block = take();
        if (block === undefined) worker.terminate().then(() => resolve(), reject);
        else worker.postMessage(block);
      };
      worker.on('error', reject);
      worker.on('message', (done: Done) => {
        add(tally, done.tally);
        if (done.failed !== undefined) failed = Math.min(failed ?? Infinity, done.failed);
        onBlock?.(tally);
        give();
      });
      give();
    });

  const threads = Math.max(1, Math.min(jobs, Math.ceil(seeds / BLOCK)));
  await Promise.all(Array.from({ length: threads }, () => serve(new Worker(new URL('./worker.ts', import.meta.url)))));
  return { tally, failed };
}
