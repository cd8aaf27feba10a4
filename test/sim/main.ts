/**
 * `npm run sim -- [--seeds N] [--from S] [--jobs J]`: runs seeds until one fails, which is then told with the fewest
 * faults that make it fail. `--seed S [--keep 0,3] [--trace]`: one run, with all its faults or those at the given places.
 * `--explore [--depth D] [--faults F]`: every interleaving of two cores instead of seeds, up to D actions and F faults.
 * `--without RULE`: with one rule of the protocol taken away. `--beat 20/100`: with another interval and deadline of the heartbeat, ms.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { tellExploration } from './explore/tell.ts';
import { type Plan, planOf } from './plan.ts';
import { runSeeds } from './pool.ts';
import { runPlan } from './run.ts';
import { SABOTAGES } from './sabotage.ts';
import { planKept, shrink } from './shrink.ts';
import { count, emptyTally, tallyLines } from './tally.ts';
import type { Timing } from './world.ts';

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

function refuse(text: string): never {
  process.stderr.write(`sim: ${text}\n`);
  process.exit(2);
}

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    seed: { type: 'string' },
    keep: { type: 'string' },
    trace: { type: 'boolean', default: false },
    without: { type: 'string' },
    beat: { type: 'string' },
    explore: { type: 'boolean', default: false },
    depth: { type: 'string', default: '30' },
    faults: { type: 'string', default: '1' },
  },
});

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
  return refuse(`--${name} is ${JSON.stringify(text)}: give a whole number from ${least} to ${most}`);
}

/** As a document may have it. */
function timingOf(text: string): Timing {
  const [, interval, deadline] = /^(\d{1,4})\/(\d{1,5})$/.exec(text) ?? [];
  const timing = { intervalMs: Number(interval), deadlineMs: Number(deadline) };
  if (timing.intervalMs >= 5 && timing.deadlineMs >= 3 * timing.intervalMs) return timing;
  return refuse(
    `--beat is ${JSON.stringify(text)}: give interval and deadline in ms, as 20/100; at least 5, and three intervals`,
  );
}

const { without } = values;
if (without !== undefined && SABOTAGES[without] === undefined) {
  refuse(`--without is ${JSON.stringify(without)}: give one of ${Object.keys(SABOTAGES).join(', ')}`);
}
const sabotage = without === undefined ? undefined : SABOTAGES[without];
const timing = values.beat === undefined ? undefined : timingOf(values.beat);
const rule = [without && ` --without ${without}`, values.beat && ` --beat ${values.beat}`].join('');
const started = performance.now();

/** How often a long run says how far it is, ms. */
const PROGRESS = 10_000;

function tellPlan(plan: Plan): void {
  say(`b is switched on at ${plan.second.toFixed(0)} ms; faults:`);
  for (const { at, fault, lasts } of plan.strikes) {
    say(`${at.toFixed(1).padStart(9)} ${fault}${lasts > 1 ? `, for ${lasts.toFixed(0)} ms` : ''}`);
  }
}

/** Why a seed fails, with the fewest faults. */
function tellFailure(seed: number): void {
  const { kept, plan, outcome } = shrink({ seed, sabotage, timing });
  say(`seed ${seed}: ${outcome.violation}`);
  say(`${plan.strikes.length} of its ${planOf(seed).strikes.length} faults are enough`);
  tellPlan(plan);
  say(outcome.trace.slice(-40).join('\n'));
  say(`again: npm run sim -- --seed ${seed} --keep ${kept.join(',') || 'none'}${rule} --trace`);
}

function runOne(seed: number): void {
  const places = planOf(seed).strikes.map((_, place) => place);
  const keep = values.keep === 'none' ? [] : values.keep?.split(',').map((each) => whole('keep', each, 0, 63));
  const tally = emptyTally();
  const onLine = values.trace ? say : undefined;
  const outcome = runPlan(planKept(seed, keep ?? places), { seed, sabotage, timing, onLine });
  count(tally, outcome);
  if (outcome.violation !== undefined) {
    process.exitCode = 1;
    if (values.trace || keep !== undefined) say(`seed ${seed}: ${outcome.violation}`);
    else tellFailure(seed);
  }
  for (const line of tallyLines(tally, performance.now() - started)) say(line);
}

async function runMany(): Promise<void> {
  const first = whole('from', values.from, 0, 2 ** 32 - 1);
  const seeds = whole('seeds', values.seeds, 1, 2 ** 32 - 1 - first);
  const jobs = whole('jobs', values.jobs, 1, 256);
  let told = started;
  const { tally, failed } = await runSeeds({ first, seeds, jobs, without, timing }, (so) => {
    if (performance.now() - told < PROGRESS) return;
    told = performance.now();
    console.error(`· ${so.seeds} of ${seeds} seeds`);
  });
  if (failed !== undefined) {
    process.exitCode = 1;
    tellFailure(failed);
  }
  for (const line of tallyLines(tally, performance.now() - started)) say(line);
}

function runExploration(): void {
  const bounds = { depth: whole('depth', values.depth, 1, 10_000), faults: whole('faults', values.faults, 0, 20) };
  if (!tellExploration(bounds, sabotage, say)) process.exitCode = 1;
}

if (values.explore) runExploration();
else if (values.seed !== undefined) runOne(whole('seed', values.seed, 0, 2 ** 32 - 1));
else await runMany();
