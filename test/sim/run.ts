import type { Lane } from '../../src/model/lane.ts';
import { FAULTS, type Fault } from './faults.ts';
import { createInvariants } from './invariants.ts';
import { createWorld, serves, type World, type WorldOptions } from './world.ts';

/** Faults may strike until here; then everything is mended; then the pair has until the end to be whole again, ms. */
const STRIKES_END = 12_000;
const MENDED = 13_000;
const END = 20_000;

export interface Outcome {
  readonly seed: number;
  /** What did not hold, with the time; undefined when all did. */
  readonly violation: string | undefined;
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
export function runSeed(options: WorldOptions): Outcome {
  // A missing rule is looked for in a pair that moves for no other reason.
  const preference = options.sabotage === undefined ? preferenceOf(options.seed) : undefined;
  const world = createWorld({ ...options, preference });
  const { dice, schedule, boxes } = world;
  const invariants = createInvariants(world);
  const struck: string[] = [];
  let violation: string | undefined;
  const mends = new Set<() => void>();

  const strike = (fault: Fault): void => {
    if (schedule.now() > STRIKES_END) return;
    struck.push(fault.name);
    world.log('-', `FAULT ${fault.name}`);
    world.disturbances += 1;
    const mend = fault.strike(world, invariants);
    mends.add(mend);
    schedule.after(dice.between(...fault.lasts), () => {
      if (!mends.delete(mend)) return;
      world.log('-', `mended ${fault.name}`);
      world.disturbances += 1;
      mend();
    });
  };

  schedule.at(0, () => boxes.a.plug());
  schedule.at(dice.chance(0.4) ? 0 : dice.between(0, 4000), () => boxes.b.plug());
  for (let count = dice.whole(2, 9); count > 0; count -= 1) {
    const fault = dice.pick(FAULTS);
    schedule.at(dice.between(500, STRIKES_END), () => strike(fault));
  }
  // Faults that meet: a second one within the time the first takes to be dealt with.
  for (let pairs = dice.whole(0, 3); pairs > 0; pairs -= 1) {
    const at = dice.between(500, STRIKES_END - 500);
    const [one, other] = [dice.pick(FAULTS), dice.pick(FAULTS)];
    schedule.at(at, () => strike(one));
    schedule.at(at + dice.between(0, 250), () => strike(other));
  }
  schedule.at(MENDED, () => {
    world.log('-', 'everything is mended');
    world.disturbances += 1;
    for (const mend of mends) mend();
    mends.clear();
    for (const box of [boxes.a, boxes.b]) box.plug();
  });

  schedule.run(END, () => {
    violation = invariants.check();
    return violation !== undefined;
  });
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

/** What is still wrong with a pair that has been left in peace. */
function wholeAgain({ boxes }: World): string | undefined {
  const pair = [boxes.a, boxes.b];
  if (pair.filter(serves).length !== 1) return 'service: not exactly one box serves at the end';
  for (const box of pair) {
    const alarms = box.runner?.state().alarms ?? [];
    if (alarms.length > 0) return `alarms: ${box.name} still says: ${alarms.map((alarm) => alarm.text).join('; ')}`;
  }
  return undefined;
}
