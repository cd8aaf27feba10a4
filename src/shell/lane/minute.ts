/** ms. */
export const MINUTE = 60_000;
const SLOTS = 12;
const SLOT = MINUTE / SLOTS;
/** Round trips kept of each slot for the median, evenly over its time. */
const SAMPLES = 16;

interface Slot {
  number: number;
  sent: number;
  arrived: number;
  missed: number;
  min: number;
  max: number;
  samples: number;
  readonly kept: Float64Array;
}

/** Counts over the last minute, told in steps of 5 s. */
export interface Minute {
  sent(now: number): void;
  /** One beat, after `missed` that should have come within the last `over` ms. */
  arrived(missed: number, now: number, over: number): void;
  roundTrip(ms: number, now: number): void;
  /** @param missed beats that should have come within the last `over` ms and have not. */
  figures(
    now: number,
    missed: number,
    over: number,
  ): {
    readonly roundTrip: { readonly min: number; readonly median: number; readonly max: number } | null;
    readonly loss: number | null;
    readonly beatsPerSecond: number;
  };
}

export function createMinute(startedAt: number): Minute {
  const slots = Array.from({ length: SLOTS }, (): Slot => ({ ...EMPTY, kept: new Float64Array(SAMPLES) }));

  function slotAt(now: number): Slot {
    const number = Math.floor(now / SLOT);
    const slot = slots[number % SLOTS]!;
    if (slot.number !== number) Object.assign(slot, EMPTY, { number });
    return slot;
  }

  return {
    sent(now) {
      slotAt(now).sent += 1;
    },
    arrived(missed, now, over) {
      const slot = slotAt(now);
      slot.arrived += 1;
      slot.missed += ofLastMinute(missed, over);
    },
    roundTrip(ms, now) {
      const slot = slotAt(now);
      slot.min = Math.min(slot.min, ms);
      slot.max = Math.max(slot.max, ms);
      if (slot.samples >= SAMPLES || (now % SLOT) * SAMPLES < slot.samples * SLOT) return;
      slot.kept[slot.samples] = ms;
      slot.samples += 1;
    },
    figures(now, missing, over) {
      const oldest = Math.floor(now / SLOT) - SLOTS;
      const recent = slots.filter((slot) => slot.number > oldest);
      const sum = (pick: (slot: Slot) => number): number => recent.reduce((total, slot) => total + pick(slot), 0);
      const missed = sum((slot) => slot.missed) + ofLastMinute(missing, over);
      const due = sum((slot) => slot.arrived) + missed;
      const covered = Math.min(now - startedAt, MINUTE - SLOT + (now % SLOT));
      return {
        roundTrip: spread(recent),
        loss: due === 0 ? null : missed / due,
        beatsPerSecond: covered <= 0 ? 0 : (1000 * sum((slot) => slot.sent)) / covered,
      };
    },
  };
}

const EMPTY = { number: -1, sent: 0, arrived: 0, missed: 0, min: Infinity, max: -Infinity, samples: 0 };

/** Of what was missed over a longer time, the minute's share. */
const ofLastMinute = (missed: number, over: number): number => (over > MINUTE ? (missed * MINUTE) / over : missed);

function spread(slots: readonly Slot[]) {
  const samples = slots.flatMap(({ kept, samples }) => [...kept.subarray(0, samples)]).sort((x, y) => x - y);
  if (samples.length === 0) return null;
  const middle = samples.length >> 1;
  const median = samples.length % 2 === 1 ? samples[middle]! : (samples[middle - 1]! + samples[middle]!) / 2;
  return {
    min: Math.min(...slots.map(({ min }) => min)),
    median,
    max: Math.max(...slots.map(({ max }) => max)),
  };
}
