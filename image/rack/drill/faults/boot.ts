import { type NodeId, SIDES } from '../../../../src/model/pair.ts';
import { NODES } from '../../figure.ts';
import type { Drill } from '../drill.ts';
import { claimKinds, type FloatRecord } from '../ownership.ts';
import { now } from '../program.ts';

/** What happens to both boxes at once. */

/** From the later lane's first beat to an owner of both floats, ms. */
const SETTLED = 3000;

/** A cold emulated pair under the clients' whole traffic, ms. */
const BOOT_LIMIT = 240_000;

/** When somebody first answered for the float after `since`; Infinity when nobody did. */
const firstAnswer = ({ claims }: FloatRecord, since: number): number =>
  Math.min(
    Infinity,
    ...claims.flatMap(([, kind, received, sent]) =>
      kind === claimKinds.answer && sent !== null && sent >= since ? [received] : [],
    ),
  );

export interface Boot {
  readonly powered: number;
  /** By box, the first byte on the null-modem cable: its lane runs. */
  readonly beats: Readonly<Record<NodeId, number | null>>;
  readonly floats: readonly FloatRecord[];
}

/** How long both lanes ran before somebody answered for both floats, ms; never negative. Undefined when one of it never came. */
export function settledIn({ powered, beats, floats }: Boot): number | undefined {
  if (beats.a === null || beats.b === null) return undefined;
  const owned = Math.max(...floats.map((record) => firstAnswer(record, powered)));
  return Number.isFinite(owned) ? Math.max(0, owned - Math.max(beats.a, beats.b)) : undefined;
}

export const BOOT: readonly Drill[] = [
  {
    name: 'both-boot',
    fault: 'both boxes lose their power, and get it back at the same instant',
    inject: async (rack, _, told) => {
      await Promise.all(NODES.map((node) => rack.box(node).cut()));
      const powered = now();
      await Promise.all(NODES.map((node) => rack.box(node).plug()));
      told.check(async (seen) => {
        const beats = await rack.cable.firstBytes();
        const ms = settledIn({ powered, beats, floats: SIDES.map((side) => seen[side]) });
        if (ms === undefined) return ['a lane was not heard on the serial cable, or a float had no owner'];
        const lanes = NODES.map((node) => `${((beats[node]! - powered) / 1000).toFixed(1)} s (${node})`);
        told.note(`lanes ran after ${lanes.join(' and ')}, both floats had an owner ${Math.round(ms)} ms later`);
        return ms <= SETTLED
          ? []
          : [`the floats had an owner ${Math.round(ms)} ms after both lanes ran, at most ${SETTLED} ms`];
      });
    },
    bar: {
      outage: BOOT_LIMIT,
      moves: 'either',
      within: BOOT_LIMIT,
      lost: (count) => count,
      why: 'nobody serves while both boot; the connections’ table is gone with both boxes. Asked for is one owner, never two, within 3 s of the later lane’s first beat',
    },
  },
];
