import type { Row } from '../report.ts';

/** A speed of ours over another's, both medians of the same runs. */
export interface Share {
  readonly ours: string;
  readonly other: string;
  /** At least this is wanted; undefined = it is only stated. */
  readonly least: number | undefined;
  readonly ratio: number;
  readonly met: boolean;
}

/** One knob under one load, by medians of the same runs. */
export interface Gain {
  readonly knob: string;
  /** What a cost is of, with its unit. */
  readonly unit: string;
  readonly off: number;
  readonly on: number;
  /** Of the cost that is spared by turning it on, %; below 0 it costs. */
  readonly percent: number;
  /** The largest range of either state, % of its median: what is smaller than this is nothing. */
  readonly spread: number;
}

function medianOf(rows: readonly Row[], name: string): number {
  const row = rows.find((one) => one.name === name);
  if (row === undefined) throw new Error(`there is no figure "${name}"`);
  return row.median;
}

/** @throws when one of the two was not measured. */
export function shareOf(rows: readonly Row[], ours: string, other: string, least?: number): Share {
  const ratio = medianOf(rows, ours) / medianOf(rows, other);
  return { ours, other, least, ratio, met: least === undefined || ratio >= least };
}

/** For people, a line each. */
export const shareLines = (shares: readonly Share[]): string[] =>
  shares.map(({ ours, other, least, ratio, met }) => {
    const bar = least === undefined ? '' : ` (wanted: at least ${least})${met ? '' : ', MISSED'}`;
    return `${ours} / ${other}: ${ratio.toFixed(3)}${bar}`;
  });

/** How a knob's figures are named: what it is, what a cost is of, and how it stands. */
export const gainName = (knob: string, unit: string, state: 'off' | 'on'): string => `${knob}|${unit}|${state}`;

/** A row of both states' for each knob and load. */
export function gainsOf(rows: readonly Row[]): Gain[] {
  return rows.flatMap((off) => {
    const [knob = '', unit = '', state] = off.name.split('|');
    if (state !== 'off') return [];
    const on = rows.find(({ name }) => name === gainName(knob, unit, 'on'));
    if (on === undefined) throw new Error(`there is no figure of "${knob}" turned on`);
    const spreads = [off, on].map(({ least, most, median }) => (100 * (most - least)) / median);
    const percent = 100 * (1 - on.median / off.median);
    return [{ knob, unit, off: off.median, on: on.median, percent, spread: Math.max(...spreads) }];
  });
}

/** For people, a line each. */
export function gainLines(gains: readonly Gain[]): string[] {
  const label = ({ knob, unit }: Gain): string => `${knob}: ${unit}`;
  const width = Math.max(...gains.map((gain) => label(gain).length));
  return [
    `${''.padEnd(width)}      off       on   spared  spread`,
    ...gains.map((gain) => {
      const { off, on, percent, spread } = gain;
      const numbers = [off, on].map((value) => value.toFixed(value < 100 ? 1 : 0).padStart(9)).join('');
      return `${label(gain).padEnd(width)}${numbers}${percent.toFixed(1).padStart(8)}%${spread.toFixed(1).padStart(7)}%`;
    }),
  ];
}
