import { SIDES, type Side } from '../../src/model/pair.ts';
import { FLOAT_LIFETIME } from '../../src/shell/lane/floats.ts';
import type { BoxClock } from './clock.ts';
import type { Dice } from './random.ts';
import type { Schedule } from './schedule.ts';

/** The part of a box's kernel that matters here: two floats with lifetimes, two carriers, and who listens. */
export interface Kernel {
  readonly held: Readonly<Record<Side, boolean>>;
  readonly carrier: Record<Side, boolean>;
  set(side: Side): void;
  remove(side: Side): void;
  onChange: (what: 'address' | 'link') => void;
  setCarrier(side: Side, up: boolean): void;
  /** The box is gone, or goes through its reset. */
  reset(): void;
}

/** Kernels expire addresses late: measured 2.0 to 2.4 s for a lifetime of 2, ms. */
const EXPIRY_LATE = 400;

/**
 * `when` runs a thing of the kernel's own as soon as the box can run at all. Floats set at one instant expire at one
 * instant, as they do in one pass of the kernel's own check; `immortal` ones never do.
 */
export function createKernel(
  schedule: Schedule,
  clock: BoxClock,
  dice: Dice,
  when: (run: () => void) => void,
  immortal = false,
): Kernel {
  const held = { public: false, private: false };
  const expiry = { public: 0, private: 0 };
  let batch = { at: -1, expires: 0 };
  let alive = true;

  /** The check is planned: one at a time, again for what was renewed or whose clock stood still meanwhile. */
  let planned = false;
  const plan = (): void => {
    const next = Math.min(...SIDES.filter((side) => held[side]).map((side) => expiry[side]));
    if (planned || immortal || next === Infinity) return;
    planned = true;
    schedule.after(Math.max(0, next - clock.now()) * 1.001 + 0.001, () => when(expire));
  };

  const expire = (): void => {
    planned = false;
    if (!alive) return;
    let changed = false;
    for (const side of SIDES) {
      if (!held[side] || clock.now() < expiry[side]) continue;
      held[side] = false;
      changed = true;
    }
    if (changed) kernel.onChange('address');
    plan();
  };

  const kernel: Kernel = {
    held,
    carrier: { public: true, private: true },
    onChange: () => {},
    set(side) {
      const now = clock.now();
      if (batch.at !== now) {
        batch = { at: now, expires: now + FLOAT_LIFETIME * 1000 + dice.between(0, EXPIRY_LATE) };
      }
      expiry[side] = batch.expires;
      if (held[side]) return;
      held[side] = true;
      plan();
      kernel.onChange('address');
    },
    remove(side) {
      if (!held[side]) return;
      held[side] = false;
      kernel.onChange('address');
    },
    setCarrier(side, up) {
      if (kernel.carrier[side] === up) return;
      kernel.carrier[side] = up;
      kernel.onChange('link');
    },
    reset() {
      alive = false;
      held.public = false;
      held.private = false;
    },
  };
  return kernel;
}
