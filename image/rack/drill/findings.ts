import { type NodeId, peerOf, SIDES } from '../../../src/model/pair.ts';
import type { LaneStatus, Status } from '../../../src/model/status.ts';
import { NODES } from '../figure.ts';
import type { Neighbour } from '../neighbours.ts';
import { blind, type Series, trouble, worstOutage } from './measure.ts';
import { type FloatRecord, split, strangers, twoOwners } from './ownership.ts';
import type { ProberReport } from './prober.ts';
import type { Findings, Takeover } from './result.ts';
import { boxOf, type Collected } from './traffic.ts';

/** What both boxes say; undefined for one that does not answer. */
export type Both = Readonly<Record<NodeId, Status | undefined>>;

/** Everything one run brought home. Times are the host's monotonic ms. */
export interface Evidence {
  readonly from: NodeId;
  /** The box that had the floats at first is to have them again. */
  readonly returned?: boolean;
  /** Owners of the floats when all was quiet again, after the mending too. */
  readonly to: { readonly public: string; readonly private: string };
  /** Just before the fault. */
  readonly injected: number;
  /** When all was quiet again. What follows up to `undone` is not judged: the boxes are asked for their status there. */
  readonly settled: number;
  /** Just before the fault was mended; undefined when it was not. */
  readonly undone: number | undefined;
  readonly collected: Collected;
  /** As they were at the end. */
  readonly neighbours: readonly Neighbour[];
  readonly synced: number;
  readonly before: Both;
  readonly during: Both;
  readonly after: Both;
}

/** Before the fault traffic was quiet for a second, so this much of it is there to compare with. */
const LEAD = 250;

export function findings(evidence: Evidence): Findings {
  const { collected, injected, settled, undone } = evidence;
  const all = series(collected.prober);
  const during = all.map((kind) => between(kind, injected - LEAD, settled));
  const mending = undone === undefined ? undefined : all.map((kind) => between(kind, undone - LEAD, Infinity));
  const worst = worstOutage(during);
  const worstMending = worstOutage(mending ?? []);
  const windows = [...during, ...(mending ?? [])];
  const floats = SIDES.map((side) => since(collected[side], injected - LEAD));
  const owners = floats.map(twoOwners);
  const { connections } = collected;
  const stalls = connections.stalls.filter(([sent, ms]) => sent + ms >= injected).map(([, ms]) => ms);
  return {
    outage_ms: round(worst?.ms ?? 0),
    two_owner_ms: round(owners.reduce((sum, { certain }) => sum + certain, 0)),
    connections: { held: connections.held, lost: connections.lost },
    takeover: takeover(evidence),
    detail: {
      from: evidence.from,
      to: evidence.to,
      unrestored: [worst, worstMending].some((outage) => outage !== undefined && !outage.restored),
      undo_outage_ms: mending === undefined ? null : round(worstMending?.ms ?? 0),
      trouble_ms: round(Math.max(...windows.map((kind) => trouble(kind, injected).span))),
      requests: { ...count(windows, 'tcp'), failures: collected.prober.failures },
      datagrams: count(windows, 'udp'),
      split_ms: round(split(floats[0]!, floats[1]!, boxOf)),
      two_owner_at_most_ms: round(owners.reduce((sum, { possible }) => sum + possible, 0)),
      strangers: SIDES.flatMap((side) => strangers(collected[side], boxOf)),
      misled: evidence.neighbours
        .filter(({ side, mac }) => boxOf(mac) !== evidence.to[side])
        .map(({ where, side, mac }) => `${where} resolves the ${side} float to ${boxOf(mac) ?? mac}`),
      longest_stall_ms: round(Math.max(0, ...stalls)),
      lost_by: connections.reasons,
      synced: evidence.synced,
      alarms: alarmsOf(Object.values(evidence.during)),
      blind_ms: round(Math.max(...windows.map(blind))),
      watcher_blind_ms: round(Math.max(...SIDES.map((side) => collected[side].blind_ms))),
      late_p99_ms: collected.prober.late_p99_ms,
    },
  };
}

function count(windows: readonly Series[], kind: Series['kind']): { sent: number; failed: number } {
  const mine = windows.filter((one) => one.kind === kind);
  return {
    sent: mine.reduce((sum, { probes }) => sum + probes.length, 0),
    failed: mine.reduce((sum, one) => sum + trouble(one, -Infinity).failed, 0),
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** The prober's rows as measure.ts wants them. */
export const series = (report: Pick<ProberReport, 'tcp' | 'udp'>): Series[] =>
  (['tcp', 'udp'] as const).map((kind) => ({
    kind,
    period: report[kind].period,
    probes: report[kind].rows.map(([sequence, sent, waited]) => ({ sequence, sent, waited: waited ?? undefined })),
  }));

/** Its probes that were sent from then on and before. */
export const between = (kind: Series, from: number, to: number): Series => ({
  ...kind,
  probes: kind.probes.filter(({ sent }) => sent >= from && sent < to),
});

const since = (record: FloatRecord, from: number): FloatRecord => ({
  macs: record.macs,
  claims: record.claims.filter(([, , received]) => received >= from),
});

function alarmsOf(statuses: readonly (Status | undefined)[]): string[] {
  const all = statuses.flatMap((status) => [...(status?.alarms ?? []), ...(status?.lane?.alarms ?? [])]);
  return [...new Set(all.map(({ code, subject }) => `${code} ${subject}`.trim()))].sort();
}

type Transition = LaneStatus['transitions'][number];

/** Transitions of one box that it did not have before the fault, newest first. */
function fresh(before: Status | undefined, after: Status | undefined): Transition[] {
  const known = new Set((before?.lane?.transitions ?? []).map(({ at, to }) => `${at} ${to}`));
  return (after?.lane?.transitions ?? []).filter(({ at, to }) => !known.has(`${at} ${to}`));
}

/** The newest record of a take since `before`, on whichever box made it. */
export function takenBy(before: Both, after: Both): Transition | undefined {
  return NODES.flatMap((box) => fresh(before[box], after[box]))
    .filter(({ to }) => to === 'active')
    .sort((a, b) => b.term - a.term)[0];
}

function takeover({ from, returned, before, during, after }: Evidence): Takeover {
  const latest = { a: after.a ?? during.a, b: after.b ?? during.b };
  const taken = takenBy(before, latest);
  const old = returned ? peerOf(from) : from;
  const letGo = fresh(before[old], latest[old]).findLast(({ to }) => to === 'standby');
  const released = letGo && { cause: letGo.cause, evidence: letGo.evidence, steps: letGo.steps };
  if (taken === undefined) return { cause: 'none', ...(released ? { released } : {}) };
  const { cause, evidence, term, steps } = taken;
  return { cause, evidence, term, steps, ...(released ? { released } : {}) };
}
