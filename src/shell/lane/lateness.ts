/** How far back `worst` looks, ms; told in steps of a tenth. */
export const LATENESS_WINDOW = 10_000;
const SLOTS = 10;
const SLOT = LATENESS_WINDOW / SLOTS;

export interface Lateness {
  /** A timer that was due at `due` has fired at `now`, both monotonic ms. */
  note(due: number, now: number): void;
  /** The latest that a timer fired in the last `LATENESS_WINDOW`, ms; 0 when none did. */
  worst(now: number): number;
}

/** Keeps one figure for each tenth of the window: a lane that stands still has to be told from a twin that is silent. */
export function createLateness(): Lateness {
  const slots = Array.from({ length: SLOTS }, () => ({ number: -1, worst: 0 }));
  return {
    note(due, now) {
      const number = Math.floor(now / SLOT);
      const slot = slots[number % SLOTS]!;
      if (slot.number !== number) {
        slot.number = number;
        slot.worst = 0;
      }
      slot.worst = Math.max(slot.worst, now - due);
    },
    worst(now) {
      const oldest = Math.floor(now / SLOT) - SLOTS;
      return slots.reduce((worst, slot) => (slot.number > oldest ? Math.max(worst, slot.worst) : worst), 0);
    },
  };
}
