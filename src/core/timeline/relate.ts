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

/** Beats looked at in each direction, the nearest: crystals drift by some ms in a minute. */
const NEAREST = 16;

/**
 * No beat arrives before it is sent, so each one bounds the offset: from above one that the other heard, from below one
 * that this box heard. The truth lies between the tightest two. Wall clocks are not asked.
 * @param own, other records of one process each.
 * @param near the instant on the own clock around which it matters.
 * @returns undefined when no beat is known to both.
 */
export function relate(own: Side, other: Side, near: number): Relation | undefined {
  const there = delays(own, other);
  const back = delays(other, own);
  const forth = nearest(there, ({ sent }) => Math.abs(sent - near));
  const home = nearest(back, ({ heard }) => Math.abs(heard - near));
  const beats = forth.length + home.length;
  if (beats === 0) return undefined;
  const above = Math.min(...forth.map(({ sent, heard }) => heard - sent));
  const below = Math.max(...home.map(({ sent, heard }) => sent - heard));
  if (home.length === 0) return { offset: above, within: undefined, beats };
  if (forth.length === 0) return { offset: below, within: undefined, beats };
  return { offset: (above + below) / 2, within: Math.abs(above - below) / 2, beats };
}

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

const nearest = (all: readonly Delay[], distance: (delay: Delay) => number): Delay[] =>
  all.toSorted((one, two) => distance(one) - distance(two)).slice(0, NEAREST);
