import { median } from '../../image/rack/bench/report.ts';
import type { Figure } from './inVm.ts';

export interface Row {
  readonly name: string;
  readonly runs: number;
  /** Over all runs. */
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** A figure of ours over one of the incumbent's, both medians of the same runs. */
export interface Ratio {
  readonly ours: string;
  readonly other: string;
  /** At most this is wanted. */
  readonly bar: number;
  readonly ratio: number;
  readonly met: boolean;
}

/** A row for each name, in the order in which they came. */
export function rowsOf(figures: readonly Figure[]): Row[] {
  const names = [...new Set(figures.map(({ name }) => name))];
  return names.map((name) => {
    const values = figures.filter((figure) => figure.name === name).map(({ value }) => value);
    return {
      name,
      runs: values.length,
      median: median(values)!,
      least: Math.min(...values),
      most: Math.max(...values),
    };
  });
}

/** @throws when one of the two was not measured. */
export function ratioOf(rows: readonly Row[], ours: string, other: string, bar: number): Ratio {
  const of = (name: string): number => {
    const row = rows.find((one) => one.name === name);
    if (row === undefined) throw new Error(`there is no figure "${name}"`);
    return row.median;
  };
  const ratio = of(ours) / of(other);
  return { ours, other, bar, ratio, met: ratio <= bar };
}

const tenth = (value: number): string => (value < 100 ? value.toFixed(1) : String(Math.round(value)));

/** For people, a line each. */
export function linesOf(head: readonly string[], rows: readonly Row[], ratios: readonly Ratio[]): string[] {
  const width = Math.max(...rows.map(({ name }) => name.length));
  return [
    ...head,
    '',
    `${''.padEnd(width)}  median  range`,
    ...rows.map(
      (row) => `${row.name.padEnd(width)}  ${tenth(row.median).padStart(6)}  ${tenth(row.least)} to ${tenth(row.most)}`,
    ),
    '',
    ...ratios.map(({ ours, other, bar, ratio, met }) => {
      return `${ours} / ${other}: ${ratio.toPrecision(2)} (wanted: at most ${bar})${met ? '' : ', MISSED'}`;
    }),
  ];
}
