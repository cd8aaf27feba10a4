import type { Plan } from './plan.ts';
import { planOf } from './plan.ts';
import { type Outcome, runPlan } from './run.ts';
import type { WorldOptions } from './world.ts';

export interface Shrunk {
  /** Places of the faults that are needed, in the seed's whole schedule. */
  readonly kept: readonly number[];
  readonly plan: Plan;
  readonly outcome: Outcome;
}

/** The seed's schedule with only the faults at these places. */
export function planKept(seed: number, kept: readonly number[]): Plan {
  const { second, strikes } = planOf(seed);
  return { second, strikes: strikes.filter((_, place) => kept.includes(place)) };
}

/** The invariant that a violation is of: its first word. */
const kindOf = (outcome: Outcome): string | undefined => outcome.violation?.split(':')[0];

/**
 * Leaves faults out of a failing seed's schedule for as long as the same invariant still fails; none of those that are
 * left can be spared. The seed has to fail.
 */
export function shrink(options: WorldOptions): Shrunk {
  const attempt = (kept: readonly number[]): Shrunk => {
    const plan = planKept(options.seed, kept);
    return { kept, plan, outcome: runPlan(plan, options) };
  };
  let best = attempt(planOf(options.seed).strikes.map((_, place) => place));
  const kind = kindOf(best.outcome);
  for (let again = true; again; ) {
    again = false;
    for (const place of best.kept) {
      const less = attempt(best.kept.filter((each) => each !== place));
      if (kindOf(less.outcome) !== kind) continue;
      best = less;
      again = true;
      break;
    }
  }
  return best;
}
