import { FAULTS } from './faults/index.ts';
import { createDice } from './random.ts';

/**
 * Faults may strike until here; then everything is mended; then the pair has until the end to be whole again, ms. A run ends
 * sooner once it has been whole for `PEACE`, as long as the longest bound of the invariants, looked at every `LOOK`.
 */
export const STRIKES_END = 12_000;
export const MENDED = 13_000;
export const END = 20_000;
export const PEACE = 3000;
export const LOOK = 250;
/** How long after the end a move that was under way may take, ms. */
export const MOVE = 500;

/** One fault of a schedule: what, when, how long (ms), and the dice it chooses its details with. */
export interface Strike {
  readonly fault: string;
  readonly at: number;
  readonly lasts: number;
  readonly seed: number;
}

/** What strikes in one run. Each fault has dice of its own, so that leaving one out leaves the others what they are. */
export interface Plan {
  /** When box b is switched on; a is at 0. */
  readonly second: number;
  /** In the order of their times. */
  readonly strikes: readonly Strike[];
}

/** The schedule of a seed. */
export function planOf(seed: number): Plan {
  const dice = createDice(seed ^ 0x7a4d_e001).fork();
  const strikes: Strike[] = [];
  const plan = (at: number): void => {
    const fault = dice.pick(FAULTS);
    strikes.push({ fault: fault.name, at, lasts: dice.between(...fault.lasts), seed: dice.whole(0, 2 ** 32 - 1) });
  };
  const second = dice.chance(0.4) ? 0 : dice.between(0, 4000);
  for (let count = dice.whole(2, 9); count > 0; count -= 1) plan(dice.between(500, STRIKES_END));
  // Faults that meet: a second one within the time the first takes to be dealt with.
  for (let pairs = dice.whole(0, 3); pairs > 0; pairs -= 1) {
    const at = dice.between(500, STRIKES_END - 500);
    plan(at);
    plan(at + dice.between(0, 250));
  }
  return { second, strikes: strikes.sort((one, other) => one.at - other.at) };
}
