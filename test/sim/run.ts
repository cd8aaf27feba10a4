import type { Lane } from '../../src/model/lane.ts';
import { FAULTS } from './faults/index.ts';
import { createInvariants } from './invariants.ts';
import { END, LOOK, MENDED, MOVE, PEACE, type Plan, planOf, type Strike } from './plan.ts';
import { createDice } from './random.ts';
import { createWorld, serves, type World, type WorldOptions } from './world.ts';

export interface Outcome {
  readonly seed: number;
  /** What did not hold, with the time; undefined when all did. */
  readonly violation: string | undefined;
  /** Names of the faults that struck. */
  readonly faults: readonly string[];
  readonly moves: number;
  /** The last lines before the violation or the end. */
  readonly trace: readonly string[];
  /** ms of simulated time run. */
  readonly simulated: number;
}

/** Two worlds of three prefer one of their boxes, sooner than a document may ask for. No dice: a seed stays what it was. */
function preferenceOf(seed: number): Lane['preference'] {
  const node = ([undefined, 'a', 'b'] as const)[seed % 3];
  return node && { node, afterMs: 1000 + 500 * (seed % 7) };
}

/** One run out of one seed: both boxes start, faults strike and are mended, and the invariants are looked at throughout. */
export const runSeed = (options: WorldOptions): Outcome => runPlan(planOf(options.seed), options);

/** The run of a seed with the faults of `plan`. */
export function runPlan(plan: Plan, options: WorldOptions): Outcome {
  // A missing rule is looked for in a pair that moves for no other reason.
  const preference = options.sabotage === undefined ? preferenceOf(options.seed) : undefined;
  const world = createWorld({ ...options, preference });
  const { schedule, boxes } = world;
  const invariants = createInvariants(world);
  const struck: string[] = [];
  let violation: string | undefined;
  const mends = new Set<() => void>();

  const strike = ({ fault, lasts, seed }: Strike): void => {
    struck.push(fault);
    world.log('-', `FAULT ${fault}`);
    world.disturbances += 1;
    const mend = FAULTS.find(({ name }) => name === fault)!.strike(world, createDice(seed), invariants);
    mends.add(mend);
    schedule.after(lasts, () => {
      if (!mends.delete(mend)) return;
      world.log('-', `mended ${fault}`);
      world.disturbances += 1;
      mend();
    });
  };

  schedule.at(0, () => boxes.a.plug());
  schedule.at(plan.second, () => boxes.b.plug());
  for (const each of plan.strikes) schedule.at(each.at, () => strike(each));
  schedule.at(MENDED, () => {
    world.log('-', 'everything is mended');
    world.disturbances += 1;
    for (const mend of mends) mend();
    mends.clear();
    for (const box of [boxes.a, boxes.b]) box.plug();
  });

  const until = (end: number): void => {
    schedule.run(end, () => {
      violation = invariants.check();
      return violation !== undefined;
    });
  };
  until(MENDED);
  for (let calm = 0; violation === undefined && calm < PEACE && schedule.now() < END; ) {
    until(schedule.now() + LOOK);
    calm = settled(world) ? calm + LOOK : 0;
  }
  // A move may be under way just then: a preferred box takes its floats back.
  if (violation === undefined && wholeAgain(world) !== undefined) until(schedule.now() + MOVE);
  violation ??= wholeAgain(world);
  if (violation !== undefined) violation += ` (at ${schedule.now().toFixed(1)} ms)`;
  return {
    seed: options.seed,
    violation,
    faults: struck,
    moves: world.moves,
    trace: [...world.lines],
    simulated: schedule.now(),
  };
}

/** Nothing is left to be done: whole, and served by the preferred box where there is one. */
function settled(world: World): boolean {
  const { a, b } = world.boxes;
  const preferred = a.lane.preference?.node;
  return wholeAgain(world) === undefined && (preferred === undefined || serves(preferred === 'a' ? a : b));
}

/** What is still wrong with a pair that has been left in peace. */
function wholeAgain({ boxes }: World): string | undefined {
  const pair = [boxes.a, boxes.b];
  if (pair.filter(serves).length !== 1) return 'service: not exactly one box serves at the end';
  for (const box of pair) {
    // What looks back for a minute tells of the faults themselves.
    const alarms = (box.runner?.state().alarms ?? []).filter(({ code }) => code !== 'lane-late');
    if (alarms.length > 0) return `alarms: ${box.name} still says: ${alarms.map((alarm) => alarm.text).join('; ')}`;
  }
  return undefined;
}
