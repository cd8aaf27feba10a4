/** `npm run fuzz -- [--frames N] [--seed S]`: throws frames at a node until one does what none may. */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fuzzFrames } from './frames.ts';

const { values } = parseArgs({
  options: { frames: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});

const number = (name: string, text: string, least: number, most: number): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  process.stderr.write(`--${name} is ${JSON.stringify(text)}: give a whole number from ${least} to ${most}\n`);
  process.exit(2);
};

/** Growth that is a leak and no chance, bytes. */
const LEAK = 8 * 1024 * 1024;

setFlagsFromString('--expose-gc');
Object.assign(globalThis, { gc: runInNewContext('gc') });

const frames = number('frames', values.frames, 10, 1e9);
const seed = number('seed', values.seed, 0, 2 ** 32 - 1);
const started = performance.now();
const perSecond = (done: number): string => `${Math.round(done / ((performance.now() - started) / 1000))} frames/s`;
const { arrived, refused, heap } = fuzzFrames({
  frames,
  seed,
  onTenth: (done) => process.stdout.write(`${done} thrown, ${perSecond(done)}\n`),
});
const counts = Object.entries(refused).map(([why, count]) => `${why} ${count}`);
process.stdout.write(`seed ${seed}: ${frames} thrown, ${arrived} arrived, 0 accepted, ${perSecond(frames)}\n`);
process.stdout.write(`refused: ${counts.join(', ')}\n`);
process.stdout.write(`heap after each tenth, KiB: ${heap.map((bytes) => Math.round(bytes / 1024)).join(' ')}\n`);
if (heap.at(-1)! - heap[1]! > LEAK) {
  process.stderr.write('the heap grows\n');
  process.exitCode = 1;
}
