import type { TimelineRecord } from '../../model/timeline.ts';

/** How two monotonic clocks stand to each other. */
export interface Relation {
  /** ms to take from the other box's time to have this box's. */
  readonly offset: number;
  /** How far off that may be at the most, ms; undefined when beats went one way only. */
  readonly within: number | undefined;
  /** Beats that both boxes know. */
  readonly beats: number;
}

type Beats = TimelineRecord['beats']['sent'];

/** A box's records of one process of its lane; their beats are of one clock. */
export type Side = readonly TimelineRecord[];

/** Beats looked at, the nearest. */
const NEAREST = 32;

/** What a beat takes at the least, ms; all there is to go by when they passed one way only. */
const TRAVEL = 0.1;

/** By how much two crystals may differ, ms per ms: 100 parts per million each. */
const DRIFT = 2e-4;

/**
 * No beat arrives before it is sent, so each one bounds the offset: from above one that the other heard, from below one
 * that this box heard. The truth lies between the tightest two. Wall clocks are not asked.
 *
 * The nearest beats are asked first, and the further ones may not contradict them: a guest whose clock stood still has
 * another offset since.
 * @param own, other records of one process each.
 * @param near the instant on the own clock around which it matters.
 * @returns undefined when no beat is known to both.
 */
export function relate(own: Side, other: Side, near: number): Relation | undefined {
  const bounds = [
    ...delays(own, other).map(({ sent, heard }) => ({ above: true, value: heard - sent, away: Math.abs(sent - near) })),
    ...delays(other, own).map(({ sent, heard }) => ({
      above: false,
      value: sent - heard,
      away: Math.abs(heard - near),
    })),
  ].sort((one, two) => one.away - two.away);
  let [below, above] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const heeded: Bound[] = [];
  for (const bound of nearestOf(bounds)) {
    // A far beat bounds less tightly: the crystals have drifted since. A beat at the very instant bounds exactly.
    const value = bound.value + (bound.above ? 1 : -1) * DRIFT * bound.away;
    if (bound.above ? value < below : value > above) continue;
    if (bound.above) above = Math.min(above, value);
    else below = Math.max(below, value);
    heeded.push(bound);
  }
  const beats = heeded.length;
  if (beats === 0) return undefined;
  if (Number.isFinite(above) && Number.isFinite(below)) {
    return { offset: (above + below) / 2, within: (above - below) / 2, beats };
  }
  const values = heeded.map(({ value }) => value);
  const offset = heeded[0]!.above ? Math.min(...values) - TRAVEL : Math.max(...values) + TRAVEL;
  return { offset, within: undefined, beats };
}

interface Bound {
  readonly above: boolean;
  readonly value: number;
  readonly away: number;
}

/** Half of each kind: the beats of one direction must not crowd out the other's. */
const nearestOf = (bounds: readonly Bound[]): Bound[] => {
  const kind = (above: boolean): Bound[] => bounds.filter((bound) => bound.above === above).slice(0, NEAREST / 2);
  return [...kind(true), ...kind(false)].sort((one, two) => one.away - two.away);
};

/** A beat by the clock of who sent it and of who heard it. */
interface Delay {
  readonly sent: number;
  readonly heard: number;
}

function delays(sender: Side, hearer: Side): Delay[] {
  const boot = sender[0]?.boot;
  const sent = new Map<number, number>(sender.flatMap(({ beats }) => beats.sent));
  const heard = new Map<number, number>(
    hearer.flatMap(({ twinBoot, beats }): Beats => (twinBoot === boot ? beats.heard : [])),
  );
  return [...heard].flatMap(([sequence, at]) => {
    const left = sent.get(sequence);
    return left === undefined ? [] : [{ sent: left, heard: at }];
  });
}
