import type { IpvsState } from '../../model/ipvs.ts';
import type { StatsRow } from '../../model/stats.ts';
import { emptyLayout, type Layout, type Reading, readingOf, WIDTH } from './layout.ts';
import { remapped, rowMap } from './remap.ts';
import type { Mark, Minute, StatsEffect, StatsEvent, StatsState, Stepped } from './types.ts';

/**
 * Rates are taken over this long. The kernel adds its counters up every 2 s (ip_vs_est.c): over four such steps a
 * steady rate is off by a quarter at most.
 */
export const SPAN_MS = 8_000;

/** Looks closer together than this are one. */
export const BETWEEN_MS = 900;

/** Services with a history second by second, and the total: the first ones of the document. */
export const SECOND_SERIES = 32;

const MINUTE_MS = 60_000;

export const initialStats: StatsState = {
  layout: emptyLayout,
  reading: undefined,
  read: undefined,
  marks: [],
  minute: undefined,
  samples: 0,
};

export function step(state: StatsState, event: StatsEvent, now: number): Stepped {
  switch (event.type) {
    case 'layout':
      return relay(state, event.layout);
    case 'sample':
      return sample(state, event.ipvs, event.wall, now);
    case 'end':
      return { state: { ...state, minute: undefined }, effects: kept(minuteRows(state)) };
  }
}

const kept = (rows: readonly StatsRow[]): StatsEffect[] => (rows.length === 0 ? [] : [{ type: 'keep', rows }]);

function relay(state: StatsState, layout: Layout): Stepped {
  const map = rowMap(state.layout, layout);
  const { reading } = state;
  const next: StatsState = {
    ...state,
    layout,
    read: undefined,
    reading: reading && {
      present: remapped(map, reading.present, 1),
      counters: remapped(map, reading.counters, WIDTH),
      active: remapped(map, reading.active, 1),
      inactive: remapped(map, reading.inactive, 1),
      weight: remapped(map, reading.weight, 1),
    },
    marks: state.marks.map(({ at, sums }) => ({ at, sums: remapped(map, sums, WIDTH) })),
    minute: undefined,
  };
  return { state: next, effects: kept(minuteRows(state)) };
}

function sample(state: StatsState, { services }: Pick<IpvsState, 'services'>, wall: number, now: number): Stepped {
  const last = state.marks.at(-1);
  if (last !== undefined && now - last.at < BETWEEN_MS) return { state, effects: [] };
  const { layout } = state;
  const reading = readingOf(layout, { services }, state.read);
  const passed = passedBetween(state, reading);
  const sums = last === undefined ? passed : last.sums.map((sum, index) => sum + passed[index]!);
  const ms = last === undefined ? 0 : Math.round(now - last.at);
  const begin = Math.floor(wall / MINUTE_MS) * MINUTE_MS;
  const over = state.minute !== undefined && state.minute.begin !== begin;
  const rows = [
    ...(over ? minuteRows(state) : []),
    ...(ms > 0 ? secondRows(state.layout, reading, passed, wall, ms) : []),
  ];
  const next: StatsState = {
    ...state,
    reading,
    read: { layout, services, reading },
    marks: withMark(state.marks, { at: now, sums }),
    minute: grown(over ? undefined : state.minute, begin, last?.sums ?? sums, reading, ms),
    samples: state.samples + 1,
  };
  return { state: next, effects: kept(rows) };
}

/** One mark at least as old as the span stays, so that a rate covers all of it. */
function withMark(marks: readonly Mark[], mark: Mark): Mark[] {
  const first = marks.findLastIndex(({ at }) => mark.at - at >= SPAN_MS);
  return [...marks.slice(Math.max(0, first)), mark];
}

/**
 * What passed through each row since the last look. A row that was not there then, or any of whose counters went back,
 * starts again: what it counts now may be of any time, so it counts as nothing and is compared with from here on.
 */
function passedBetween({ layout, reading: before }: StatsState, after: Reading): Float64Array {
  const passed = new Float64Array(after.counters.length);
  if (before === undefined) return passed;
  for (let row = 1; row < layout.rows.length; row += 1) {
    if (before.present[row] === 0 || after.present[row] === 0) continue;
    const at = row * WIDTH;
    let back = false;
    for (let index = at; index < at + WIDTH; index += 1) {
      const delta = after.counters[index]! - before.counters[index]!;
      if (delta < 0) back = true;
      passed[index] = delta;
    }
    if (back) passed.fill(0, at, at + WIDTH);
    else if (layout.rows[row]!.kind === 'service') {
      for (let field = 0; field < WIDTH; field += 1) passed[field] = passed[field]! + passed[at + field]!;
    }
  }
  return passed;
}

function grown(minute: Minute | undefined, begin: number, from: Float64Array, reading: Reading, ms: number): Minute {
  const { active, inactive } = reading;
  if (minute === undefined) return { begin, ms, from, active, inactive };
  const most = (peak: Float64Array, now: Float64Array) => peak.map((value, row) => Math.max(value, now[row]!));
  return {
    ...minute,
    ms: minute.ms + ms,
    active: most(minute.active, active),
    inactive: most(minute.inactive, inactive),
  };
}

function rowAt(series: string, tier: StatsRow['tier'], at: number, ms: number, counters: Float64Array): StatsRow {
  const [connections = 0, packetsIn = 0, packetsOut = 0, bytesIn = 0, bytesOut = 0] = counters;
  return { tier, series, at, ms, connections, packetsIn, packetsOut, bytesIn, bytesOut, active: 0, inactive: 0 };
}

function secondRows(layout: Layout, reading: Reading, passed: Float64Array, wall: number, ms: number): StatsRow[] {
  const second = Math.floor(wall / 1_000) * 1_000;
  const rows: StatsRow[] = [];
  for (const [row, { name, kind }] of layout.rows.slice(0, SECOND_SERIES).entries()) {
    if (kind === 'server') break;
    if (reading.present[row] === 0) continue;
    const counters = passed.subarray(row * WIDTH, (row + 1) * WIDTH);
    const kept = rowAt(name, 'second', second, ms, counters);
    rows.push({ ...kept, active: reading.active[row]!, inactive: reading.inactive[row]! });
  }
  return rows;
}

/** The minute under way, as far as it was looked at. */
function minuteRows({ layout, marks, minute, reading }: StatsState): StatsRow[] {
  const sums = marks.at(-1)?.sums;
  if (minute === undefined || sums === undefined || reading === undefined || minute.ms === 0) return [];
  return layout.rows.flatMap(({ name, kind }, row): StatsRow[] => {
    if (reading.present[row] === 0) return [];
    const at = row * WIDTH;
    const counters = sums.subarray(at, at + WIDTH).map((sum, field) => sum - minute.from[at + field]!);
    const tier = kind === 'server' ? 'server' : 'minute';
    const kept = rowAt(name, tier, minute.begin, minute.ms, counters);
    return [{ ...kept, active: minute.active[row]!, inactive: minute.inactive[row]! }];
  });
}
