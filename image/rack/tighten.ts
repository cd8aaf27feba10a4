import type { NodeId } from '../../src/model/pair.ts';
import { NODES } from './figure.ts';

/**
 * The heartbeat's deadline that the boxes of an emulated rack begin with, ms. While they start they translate each path of
 * their kernel and compile each function of their runtime, and are late by hundreds of milliseconds: with a shorter one
 * they would take that for each other's death.
 */
export const FIRST_DEADLINE = 600;

/** Between the one that is wanted and the first one, ms. */
const SECOND_DEADLINE = 300;

/** How long a shorter deadline than the next one is hoped for, and the pause between two looks, ms. */
const HOPE_MS = 75_000;
const LOOK_MS = 3000;
/** Looks in a row that have to agree; each tells of the last 10 s. */
const LOOKS = 3;

export interface TightenRack {
  lane(node: NodeId): Promise<{ readonly lateMs: number } | undefined>;
  /** Has the pair run with that deadline. */
  beat(deadline: number): Promise<void>;
}

export interface TightenTimes {
  readonly hopeMs: number;
  readonly lookMs: number;
}

/**
 * Shortens the heartbeat's deadline as far as this machine carries the two boxes: their lanes may wake late by a third of it.
 * @param wanted the deadline to end with, ms, shorter than the first one.
 * @returns the deadline in force, ms, and the latest that a lane woke in the looks that decided, ms.
 * @throws what `beat` throws.
 */
export async function tighten(
  rack: TightenRack,
  wanted: number,
  { hopeMs, lookMs }: TightenTimes = { hopeMs: HOPE_MS, lookMs: LOOK_MS },
): Promise<{ readonly deadline: number; readonly lateMs: number }> {
  let worst = Number.POSITIVE_INFINITY;
  for (const deadline of wanted < SECOND_DEADLINE ? [wanted, SECOND_DEADLINE] : [wanted]) {
    const limit = performance.now() + hopeMs;
    let good = 0;
    while (good < LOOKS) {
      worst = await latest(rack);
      good = worst <= deadline / 3 ? good + 1 : 0;
      if (good === 0 && performance.now() > limit) break;
      if (good < LOOKS) await new Promise((done) => setTimeout(done, lookMs));
    }
    if (good < LOOKS) continue;
    await rack.beat(deadline);
    return { deadline, lateMs: worst };
  }
  return { deadline: FIRST_DEADLINE, lateMs: worst };
}

async function latest(rack: TightenRack): Promise<number> {
  const lanes = await Promise.all(NODES.map((node) => rack.lane(node)));
  return Math.max(...lanes.map((lane) => lane?.lateMs ?? Number.POSITIVE_INFINITY));
}
