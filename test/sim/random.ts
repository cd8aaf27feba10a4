/** Chance out of a seed: the same seed rolls the same dice (mulberry32, public domain, Tommy Ettinger). */
export interface Dice {
  /** 0 <= x < 1. */
  next(): number;
  between(least: number, most: number): number;
  whole(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  hex(bytes: number): string;
  /** Dice of their own, so that what one part of the world rolls does not move another's. */
  fork(): Dice;
}

export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const dice: Dice = {
    next,
    between: (least, most) => least + next() * (most - least),
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (probability) => next() < probability,
    pick: (from) => from[Math.floor(next() * from.length)]!,
    hex(bytes) {
      let text = '';
      for (let i = 0; i < bytes; i += 1) text += dice.whole(0, 255).toString(16).padStart(2, '0');
      return text;
    },
    fork: () => createDice(Math.floor(next() * 2 ** 32)),
  };
  return dice;
}
