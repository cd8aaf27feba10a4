/** `npm run bench -- apply --scale`: time and memory of the controller from 1,000 servers to as many as a document may have. */
import { LIMITS } from '../../../src/model/document.ts';
import { fitOf } from '../fit.ts';
import { machineWords, measureInVm } from '../inVm.ts';
import { rowsOf } from '../report.ts';

const SERVERS = 20;
const SIZES = [1_000, 5_000, 10_000, 20_000, LIMITS.servers] as const;
const SECONDS_PER_RUN = 700;
/** Resident memory with the largest table, in MB, at the most. */
const MOST_MB = 250;
/** Of time and of memory. */
const LEAST_R2 = 0.95;

/** @returns true when both are linear and the memory is within its bar. */
export async function benchScale(runs: number, json: boolean): Promise<boolean> {
  const command = `test/bench/apply/scaleInside.ts ${runs} ${SERVERS} ${SIZES.join(' ')}`;
  const rows = rowsOf(await measureInVm(command, 120 + runs * SECONDS_PER_RUN));
  const points = (what: string): [number, number][] =>
    SIZES.map((size) => [size, rows.find(({ name }) => name === `${what} ${size}`)?.median ?? Number.NaN]);
  const [load, memory] = [points('load (ms)'), points('memory (MB)')];
  const fits = { load: fitOf(load), memory: fitOf(memory) };
  const most = Math.max(...memory.map(([, megabytes]) => megabytes));
  const met = fits.load.r2 >= LEAST_R2 && fits.memory.r2 >= LEAST_R2 && most <= MOST_MB;
  const head = [
    `services of ${SERVERS} servers, ${runs} ${runs === 1 ? 'run' : 'runs'}, a fresh controller for each`,
    await machineWords(),
  ];
  if (json) console.log(JSON.stringify({ head, rows, fits, met }, null, 2));
  else {
    for (const line of [...head, '', 'servers  load (ms)  memory (MB)']) console.log(line);
    for (const [index, [size, ms]] of load.entries()) {
      console.log(
        `${String(size).padStart(7)}  ${ms.toFixed(0).padStart(9)}  ${memory[index]![1].toFixed(0).padStart(11)}`,
      );
    }
    console.log(
      `load: ${fits.load.base.toFixed(0)} ms + ${fits.load.slope.toPrecision(3)} ms a server, R² ${fits.load.r2.toFixed(3)}`,
    );
    const { base, slope, r2 } = fits.memory;
    console.log(`memory: ${base.toFixed(0)} MB + ${(1000 * slope).toPrecision(3)} kB a server, R² ${r2.toFixed(3)}`);
    console.log(`wanted: R² of at least ${LEAST_R2}, at most ${MOST_MB} MB${met ? '' : ', MISSED'}`);
  }
  return met;
}
