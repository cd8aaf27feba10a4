import type { Box } from '../box.ts';
import type { Invariants } from '../invariants.ts';
import type { Dice } from '../random.ts';
import type { World } from '../world.ts';

export interface Fault {
  readonly name: string;
  /** How long it lasts, ms. */
  readonly lasts: readonly [number, number];
  /** Brings it about, with dice of its own; returns what mends it. */
  readonly strike: (world: World, dice: Dice, invariants: Invariants) => () => void;
}

export const nothing = (): void => {};

/** The active box more often than not: that is where a fault is felt. */
export function anyBox({ boxes }: World, dice: Dice): Box {
  const owner = [boxes.a, boxes.b].find((box) => box.runner?.state().role === 'active');
  return owner !== undefined && dice.chance(0.65) ? owner : boxes[dice.pick(['a', 'b'] as const)];
}

/** Asks the box's lane to hand over, as an operator does. */
export function askHandOver(box: Box): void {
  box.process?.input(() => {
    box.runner?.handOver('operator').then(nothing, nothing);
  });
}

/** Asks the box's lane to end, and ends it when it has not after a while, as the unit does. */
export function endLane(world: World, box: Box): void {
  const { process } = box;
  process?.input(() => box.runner?.shutdown());
  world.schedule.after(1500, () => {
    if (process !== undefined && box.process === process) box.killLane('did not end');
  });
}
