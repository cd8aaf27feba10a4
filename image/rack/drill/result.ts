import { type NodeId, peerOf } from '../../../src/model/pair.ts';
import type { Bar, Drill } from './drill.ts';
import { median, ms } from './figures.ts';
import { BETWEEN_QUESTIONS } from './pace.ts';

/** One run as it is printed; times in ms. */
export interface RunResult {
  readonly drill: string;
  readonly run: number;
  /** One of so many probes and exchanges was sent; absent = all. */
  readonly thin?: number;
  /** Definition: measure.ts. Null when the run broke off before there was one. */
  readonly outage_ms: number | null;
  /** Certain time, both floats added (definition: ownership.ts). */
  readonly two_owner_ms: number | null;
  readonly connections: { readonly held: number; readonly lost: number };
  /** As the new owner recorded it; cause `none` when nobody moved. */
  readonly takeover: Takeover;
  readonly ok: boolean;
  /** Why it is not ok; empty when it is. */
  readonly reasons: readonly string[];
  readonly detail: RunDetail | undefined;
}

export interface Takeover {
  readonly cause: string;
  readonly evidence?: string;
  readonly term?: number;
  readonly steps?: Readonly<Record<string, number>>;
  /** What the old owner recorded when it let go; absent when it could not tell. */
  readonly released?: {
    readonly cause: string;
    readonly evidence: string;
    readonly steps: Readonly<Record<string, number>>;
  };
}

export interface RunDetail {
  readonly from: NodeId;
  /** Boxes that answered for the floats at the end. */
  readonly to: { readonly public: string; readonly private: string };
  /** The outage did not end. */
  readonly unrestored: boolean;
  /** Longest outage after the fault was undone; null when nothing was. */
  readonly undo_outage_ms: number | null;
  readonly trouble_ms: number;
  readonly requests: {
    readonly sent: number;
    readonly failed: number;
    readonly failures: Readonly<Record<string, number>>;
  };
  readonly datagrams: { readonly sent: number; readonly failed: number };
  readonly split_ms: number;
  readonly two_owner_at_most_ms: number;
  readonly strangers: readonly string[];
  /** Neighbours whose ARP table names another than the owner at the end. */
  readonly misled: readonly string[];
  readonly longest_stall_ms: number;
  readonly lost_by: Readonly<Record<string, number>>;
  /** Of the connections, in the standby's IPVS table before the fault. */
  readonly synced: number;
  /** Raised on either box while the fault lasted, as `code subject`. */
  readonly alarms: readonly string[];
  readonly blind_ms: number;
  readonly watcher_blind_ms: number;
  readonly late_p99_ms: number;
  /** What the drill itself saw, a sentence each; absent where it had nothing to say. */
  readonly notes?: readonly string[];
}

/** Everything the verdict is made of. */
export type Findings = Pick<RunResult, 'outage_ms' | 'two_owner_ms' | 'connections' | 'takeover'> & {
  readonly detail: RunDetail;
};

/** Who is to have the floats while the fault lasts; undefined: either box. */
export function ownerDuring(bar: Bar, from: NodeId): NodeId | undefined {
  if (bar.moves === 'either') return undefined;
  return bar.moves ? peerOf(from) : from;
}

/** Who is to have them at the end of the run; undefined: either box. */
export const ownerAfter = (bar: Bar, from: NodeId): NodeId | undefined => (bar.returns ? from : ownerDuring(bar, from));

/** The bar in a pair whose beats are `beatMs` apart; both floats are added where two boxes answer for them. */
export const barAt = (bar: Bar, beatMs: number): Bar =>
  bar.twoOwnerBeats === undefined ? bar : { ...bar, twoOwners: 2 * bar.twoOwnerBeats * (beatMs + BETWEEN_QUESTIONS) };

/** What is wrong with a run; empty when it is ok. */
export function judge(bar: Bar, found: Findings): string[] {
  const { detail, takeover, connections } = found;
  const wrong: string[] = [];
  const unless = (right: boolean, text: string) => {
    if (!right) wrong.push(text);
  };
  const outage = found.outage_ms ?? 0;
  unless(!detail.unrestored, 'the service did not come back');
  unless(outage <= bar.outage, `outage of ${ms(outage)}, at most ${ms(bar.outage)}`);
  unless(
    (detail.undo_outage_ms ?? 0) <= bar.outage,
    `outage of ${ms(detail.undo_outage_ms ?? 0)} when the fault was mended, at most ${ms(bar.outage)}`,
  );
  unless(
    detail.blind_ms <= bar.outage,
    `proves nothing: the prober sent nothing for ${ms(detail.blind_ms)}, longer than the outage asked about`,
  );
  if (bar.trouble !== undefined) {
    unless(detail.trouble_ms <= bar.trouble, `probes failed over ${ms(detail.trouble_ms)}, at most ${ms(bar.trouble)}`);
  }
  const { twoOwners = 0 } = bar;
  const most = twoOwners === 0 ? '' : `, at most ${ms(twoOwners)}`;
  unless((found.two_owner_ms ?? 0) <= twoOwners, `two routers owned a float for ${ms(found.two_owner_ms ?? 0)}${most}`);
  unless(detail.split_ms <= twoOwners, `the floats were on two routers for ${ms(detail.split_ms)}`);
  unless(detail.strangers.length === 0, `neither box, yet speaking as a float: ${detail.strangers.join(', ')}`);
  unless(detail.misled.length === 0, `not the owner: ${detail.misled.join(', ')}`);
  const allowed = bar.lost(connections.held + connections.lost);
  unless(connections.lost <= allowed, `${connections.lost} connections lost, at most ${allowed}`);
  const owner = ownerAfter(bar, detail.from) ?? detail.to.public;
  for (const side of ['public', 'private'] as const) {
    unless(detail.to[side] === owner, `${detail.to[side]} owns the ${side} float at the end, ${owner} should`);
  }
  if (bar.causes) {
    unless(
      (bar.causes as readonly string[]).includes(takeover.cause),
      `the takeover's recorded cause is ${takeover.cause}, not ${bar.causes.join(' or ')}`,
    );
  }
  if (bar.released) {
    const said = takeover.released?.cause;
    const letGo = bar.returns ? peerOf(detail.from) : detail.from;
    unless(said === bar.released, `${letGo} recorded ${said ?? 'nothing'} when it let go, not ${bar.released}`);
  }
  if (bar.alarm) {
    const { code, subject } = bar.alarm;
    const raised = detail.alarms.some((alarm) => `${alarm} `.startsWith(`${code} `) && alarm.includes(subject));
    const about = subject === '' ? '' : ` for ${subject}`;
    unless(raised, `no alarm ${code}${about}; raised: ${detail.alarms.join(', ') || 'none'}`);
  }
  return wrong;
}

export interface Summary {
  readonly text: string;
  readonly ok: boolean;
  /** What is wrong with the median; absent when nothing is. */
  readonly tooLong?: string;
}

/** Median and range over all runs, judged against the drill's own when there are at least three. */
export function summarise(drill: Drill, results: readonly RunResult[]): Summary {
  const outages = results.flatMap(({ outage_ms }) => (outage_ms === null ? [] : [outage_ms]));
  const middle = median(outages);
  const good = results.filter(({ ok }) => ok).length;
  const runs = `${drill.name}: ${good} of ${results.length} runs ok`;
  if (middle === undefined) return { text: runs, ok: good === results.length };
  const most = drill.bar.median;
  const judged = most !== undefined && results.length >= 3;
  const tooLong = judged && middle > most;
  const asked = most === undefined ? '' : ` (at most ${ms(most)}${judged ? '' : ', judged from 3 runs on'})`;
  const range = `range ${ms(Math.min(...outages))} to ${ms(Math.max(...outages))}`;
  const verdict = tooLong ? ': too long' : '';
  return {
    text: `${runs}, outage median ${ms(middle)}${asked}, ${range}${verdict}`,
    ok: good === results.length && !tooLong,
    ...(tooLong ? { tooLong: `median outage of ${ms(middle)}, at most ${ms(most)}` } : {}),
  };
}

/** For people. */
export function tableHead(): string {
  return row(['run', 'moved', 'outage', 'two owners', 'held/lost', 'cause', 'verdict']);
}

export function tableRow(result: RunResult): string {
  const { detail, connections } = result;
  const moved = detail === undefined ? '-' : `${detail.from}→${detail.to.public}${detail.to.private}`;
  const figure = (value: number | null) => (value === null ? '-' : ms(value));
  const cells = [
    String(result.run),
    moved,
    figure(result.outage_ms),
    figure(result.two_owner_ms),
    `${connections.held}/${connections.lost}`,
    result.takeover.cause,
    result.ok ? 'ok' : 'NOT OK',
  ];
  return [row(cells), ...result.reasons.map((reason) => `      ${reason}`)].join('\n');
}

const WIDTHS = [4, 7, 11, 11, 10, 13, 7];
const row = (cells: readonly string[]): string =>
  cells
    .map((cell, n) => cell.padEnd(WIDTHS[n] ?? 0))
    .join(' ')
    .trimEnd();

/** Broken off with an error before there was anything to judge. */
export function broken(drill: string, run: number, error: unknown): RunResult {
  return {
    drill,
    run,
    outage_ms: null,
    two_owner_ms: null,
    connections: { held: 0, lost: 0 },
    takeover: { cause: 'unknown' },
    ok: false,
    reasons: [error instanceof Error ? error.message : String(error)],
    detail: undefined,
  };
}
