import { between, series } from './findings.ts';
import { blind, type Series, worstOutage } from './measure.ts';
import type { Load } from './pace.ts';
import type { ProberReport } from './prober.ts';
import { now } from './program.ts';
import type { RackPort } from './rack-port.ts';
import { BEFORE, calm, STEADY_LIMIT } from './run.ts';
import { Traffic } from './traffic.ts';

/** What the measure says of a rack to which nothing is done. Times in ms. */
export interface Quiet {
  readonly seconds: number;
  /** The longest time from one answer to the next: a fresh request every 10 ms and a datagram every 5 ms go out. */
  readonly gap_ms: { readonly tcp: number; readonly udp: number };
  /** As of a drill (measure.ts): 0 when every probe was answered in time. */
  readonly outage_ms: number;
  /** Longest time in which the prober did not ask. */
  readonly blind_ms: number;
  readonly late_p99_ms: number;
  /** Why there is no figure; absent when there is. */
  readonly broken?: string;
}

export const QUIET_SECONDS = 20;

const round = (value: number): number => Math.round(value * 10) / 10;

/** The longest time without any answer, from the first one to the last; 0 with fewer than two. */
export function longestGap(kind: Series): number {
  const arrivals = kind.probes
    .flatMap(({ sent, waited }) => (waited === undefined ? [] : [sent + waited]))
    .sort((a, b) => a - b);
  return arrivals.slice(1).reduce((most, at, index) => Math.max(most, at - arrivals[index]!), 0);
}

/** @param from when the quiet time began. */
export function quietFigures(report: ProberReport, from: number, seconds: number): Quiet {
  const kinds = series(report).map((kind) => between(kind, from, from + seconds * 1000));
  const gap = (kind: Series['kind']) => round(Math.max(0, ...kinds.filter((one) => one.kind === kind).map(longestGap)));
  return {
    seconds,
    gap_ms: { tcp: gap('tcp'), udp: gap('udp') },
    outage_ms: round(worstOutage(kinds)?.ms ?? 0),
    blind_ms: round(Math.max(...kinds.map(blind))),
    late_p99_ms: report.late_p99_ms,
  };
}

/** A run of a drill in which nothing is done, on warm boxes in time. Whatever goes wrong in it is its result. */
export async function quiet(rack: RackPort, load: Load, tell: (text: string) => void): Promise<Quiet> {
  try {
    tell('back to the fixed state');
    await rack.reset();
    tell('waiting until both boxes are warm');
    await rack.warm();
    const traffic = new Traffic(rack, load);
    try {
      await traffic.quiet(BEFORE, STEADY_LIMIT);
      await calm(rack);
      await traffic.quiet(BEFORE, STEADY_LIMIT);
      tell(`nothing is done for ${QUIET_SECONDS} s`);
      const from = now();
      await new Promise((done) => setTimeout(done, QUIET_SECONDS * 1000));
      return quietFigures((await traffic.collect()).prober, from, QUIET_SECONDS);
    } finally {
      await traffic.stop();
    }
  } catch (error) {
    const none = { gap_ms: { tcp: 0, udp: 0 }, outage_ms: 0, blind_ms: 0, late_p99_ms: 0 };
    return { seconds: 0, ...none, broken: error instanceof Error ? error.message : String(error) };
  }
}
