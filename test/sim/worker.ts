/** One thread that runs the seeds it is given, a block at a time. */
import { parentPort } from 'node:worker_threads';
import { runSeed } from './run.ts';
import { SABOTAGES } from './sabotage.ts';
import { count, emptyTally, type Tally } from './tally.ts';
import type { Timing } from './world.ts';

export interface Block {
  readonly first: number;
  readonly seeds: number;
  readonly without: string | undefined;
  readonly timing: Timing | undefined;
}

export interface Done {
  readonly tally: Tally;
  /** The first seed of the block that failed; those after it have not been run. */
  readonly failed: number | undefined;
}

parentPort?.on('message', ({ first, seeds, without, timing }: Block) => {
  const tally = emptyTally();
  let failed: number | undefined;
  for (let seed = first; seed < first + seeds && failed === undefined; seed += 1) {
    const outcome = runSeed({ seed, timing, sabotage: without === undefined ? undefined : SABOTAGES[without] });
    count(tally, outcome);
    if (outcome.violation !== undefined) failed = seed;
  }
  parentPort?.postMessage({ tally, failed } satisfies Done);
});
