import { type NodeId, SIDES } from '../../../../src/model/pair.ts';
import type { TimelineRecord } from '../../../../src/model/timeline.ts';
import { NODES } from '../../figure.ts';
import type { Drill } from '../drill.ts';
import { claimKinds, type FloatRecord } from '../ownership.ts';
import { now } from '../program.ts';
import type { RackPort } from '../rack-port.ts';

/** What happens to both boxes at once. */

/** From the controller's word that its box is ready to both floats in that box's kernel, ms. */
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

/**
 * How long the box that took was ready before both floats were in its kernel, ms, by its own record. Undefined when the record
 * does not say it.
 */
export function tookAfter({ marks }: Pick<TimelineRecord, 'marks'>): number | undefined {
  const installed = marks.findLast(({ what }) => what === 'installed');
  const ready = marks.findLast(({ what, at }) => what === 'controller-ready' && at <= (installed?.at ?? -Infinity));
  return installed === undefined || ready === undefined ? undefined : installed.at - ready.at;
}

/** The box's newest move. @throws when it does not tell it. */
async function lastRecord(rack: RackPort, box: NodeId): Promise<TimelineRecord | undefined> {
  const { code, stdout, stderr } = await rack.box(box).exec('tandem timeline --json --last 1');
  if (code !== 0) throw new Error(`\`tandem timeline\` on ${box} ended with ${code}: ${(stderr || stdout).trim()}`);
  return (JSON.parse(stdout) as { records: TimelineRecord[] }).records.at(-1);
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
        const states = await Promise.all(NODES.map((node) => rack.box(node).status([])));
        const owner = NODES.find((_node, index) => states[index]?.lane?.role === 'active');
        if (owner === undefined) return ['no box says that it is active'];
        const took = tookAfter((await lastRecord(rack, owner)) ?? { marks: [] });
        if (took === undefined) return [`the record of ${owner} does not say when it was ready and when it took`];
        told.note(`${owner} was ready ${Math.round(took)} ms before both were in its kernel`);
        return took <= SETTLED ? [] : [`${owner} took ${Math.round(took)} ms after it was ready, at most ${SETTLED}`];
      });
    },
    bar: {
      outage: BOOT_LIMIT,
      moves: 'either',
      within: BOOT_LIMIT,
      lost: (count) => count,
      why: 'nobody serves while both boot; the connections’ table is gone with both boxes. Asked for is one owner, never two, within 3 s of the first controller’s word that its box is ready: how long an emulated controller needs for that says nothing of the pair',
    },
  },
];
