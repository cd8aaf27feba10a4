import type { Machine } from '../machine.ts';
import type { Drill } from './drill.ts';
import { longestBlind, median, ms } from './figures.ts';
import type { Quiet } from './quiet.ts';
import { type RunResult, summarise } from './result.ts';

/** Median, least and most of some runs, ms. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** One drill over all its runs. Times in ms; what they mean is measure.ts and ownership.ts. */
export interface DrillReport {
  readonly drill: string;
  readonly fault: string;
  readonly runs: number;
  readonly ok_runs: number;
  /** Every run, and the median where the drill has one. */
  readonly ok: boolean;
  /** Null when no run came to a figure. */
  readonly outage_ms: Spread | null;
  /** Most that a run's outage may be. */
  readonly bar_ms: number;
  /** The worst run's certain time with two owners. */
  readonly two_owner_ms: number;
  /** Long-lived connections of all runs. */
  readonly lost: number;
  readonly held: number;
  /** The worst run's time from its first failed probe to its last. */
  readonly trouble_ms: number;
  /** The worst run's time in which the prober did not ask: an outage that short could hide there. */
  readonly blind_ms: number;
  /** Why runs are not ok, each once; empty when all are. */
  readonly reasons: readonly string[];
  readonly results: readonly RunResult[];
}

/** What `npm run rack -- drill all --json` prints: one object. */
export interface Report {
  readonly machine: Machine;
  /** Runs of each drill, long-lived connections in each, and of how many probes and exchanges one was sent. */
  readonly repeat: number;
  readonly connections: number;
  readonly thin: number;
  readonly seconds: number;
  /** The same measure when nothing is done, before the first drill. */
  readonly quiet: Quiet;
  readonly drills: readonly DrillReport[];
  readonly runs: number;
  readonly ok_runs: number;
  /** Every drill is ok, and the quiet run came to a figure. */
  readonly ok: boolean;
}

export function drillReport(drill: Drill, results: readonly RunResult[]): DrillReport {
  const outages = results.flatMap(({ outage_ms }) => (outage_ms === null ? [] : [outage_ms]));
  const middle = median(outages);
  const { ok, tooLong } = summarise(drill, results);
  const most = (of: (result: RunResult) => number) => Math.max(0, ...results.map(of));
  return {
    drill: drill.name,
    fault: drill.fault,
    runs: results.length,
    ok_runs: results.filter((result) => result.ok).length,
    ok,
    outage_ms: middle === undefined ? null : { median: middle, min: Math.min(...outages), max: Math.max(...outages) },
    bar_ms: drill.bar.outage,
    two_owner_ms: most(({ two_owner_ms }) => two_owner_ms ?? 0),
    lost: results.reduce((sum, { connections }) => sum + connections.lost, 0),
    held: results.reduce((sum, { connections }) => sum + connections.held, 0),
    trouble_ms: most(({ detail }) => detail?.trouble_ms ?? 0),
    blind_ms: longestBlind(results),
    reasons: [...new Set([...results.flatMap(({ reasons }) => reasons), ...(tooLong === undefined ? [] : [tooLong])])],
    results,
  };
}

export type Frame = Pick<Report, 'machine' | 'repeat' | 'connections' | 'thin' | 'seconds' | 'quiet'>;

export function report(frame: Frame, drills: readonly DrillReport[]): Report {
  const sum = (of: (drill: DrillReport) => number) => drills.reduce((total, drill) => total + of(drill), 0);
  return {
    ...frame,
    drills,
    runs: sum(({ runs }) => runs),
    ok_runs: sum(({ ok_runs }) => ok_runs),
    ok: frame.quiet.broken === undefined && drills.length > 0 && drills.every(({ ok }) => ok),
  };
}

/** What the quiet run said, one line. */
export function quietLine({ broken, seconds, gap_ms, outage_ms, blind_ms }: Quiet): string {
  if (broken !== undefined) return `quiet: broke off: ${broken}`;
  return (
    `quiet ${seconds} s: longest gap between two answers ${ms(gap_ms.tcp)} (HTTP), ${ms(gap_ms.udp)} (UDP); ` +
    `outage ${ms(outage_ms)}, prober blind ${ms(blind_ms)}`
  );
}

const COLUMNS = ['drill', 'runs ok', 'outage median', 'min', 'max', 'at most', 'two owners', 'lost', 'trouble', ''];
const WIDTHS = [18, 8, 14, 10, 10, 10, 11, 9, 10, 6];
const row = (cells: readonly string[]): string =>
  cells
    .map((cell, n) => cell.padEnd(WIDTHS[n] ?? 0))
    .join(' ')
    .trimEnd();

/** For people: a line for each drill, and one for each reason. */
export function table(whole: Report): string[] {
  const { machine, quiet, drills, runs, ok_runs, repeat, connections, thin, seconds } = whole;
  const lines = drills.flatMap(({ outage_ms, ...drill }) => [
    row([
      ...[drill.drill, `${drill.ok_runs}/${drill.runs}`],
      ...(outage_ms === null ? ['-', '-', '-'] : [outage_ms.median, outage_ms.min, outage_ms.max].map(ms)),
      ...[ms(drill.bar_ms), ms(drill.two_owner_ms), `${drill.lost}/${drill.held + drill.lost}`, ms(drill.trouble_ms)],
      drill.ok ? 'ok' : 'NOT OK',
    ]),
    ...drill.reasons.map((reason) => `      ${reason}`),
  ]);
  return [
    `Tandem ${machine.release} on ${machine.cores} cores of ${machine.cpu}, boxes by ${machine.accelerator}; ` +
      `${repeat} runs of each drill, ${connections} connections${thin > 1 ? `, 1 of ${thin} probes and exchanges` : ''}, ${Math.round(seconds / 60)} min`,
    quietLine(quiet),
    row(COLUMNS),
    ...lines,
    `${ok_runs} of ${runs} runs and ${drills.filter(({ ok }) => ok).length} of ${drills.length} drills ok`,
  ];
}
