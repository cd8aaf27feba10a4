import { median } from '../drill/figures.ts';
import { type Machine, NATIVE } from '../machine.ts';
import { QUIET } from './faults.ts';
import type { Trial } from './trial.ts';

export { median };

/** One fault of one system over all runs. Times in ms. */
export interface Cell {
  readonly fault: string;
  readonly system: string;
  /** Runs whose figure counts, of `runs`. */
  readonly counted: number;
  readonly runs: number;
  /** Undefined when no run counts; so are the range's ends. */
  readonly median: number | undefined;
  readonly least: number | undefined;
  readonly most: number | undefined;
  readonly held: number;
  readonly lost: number;
  /** The worst run's certain time with two owners. */
  readonly twoOwners: number;
  /** Runs at whose end both boxes still answered for a float. */
  readonly stillTwo: number;
  /** How many times as long as this system Tandem takes; undefined for Tandem itself, and where nothing can be divided. */
  readonly ratio: number | undefined;
  /** Of the system's quiet runs. */
  readonly quiet: number | undefined;
}

export interface Report {
  readonly machine: Machine;
  /** Version and timing of each system, by name. */
  readonly systems: Readonly<Record<string, string>>;
  readonly runs: number;
  readonly connections: number;
  /** One of so many probes and exchanges was sent. */
  readonly thin: number;
  readonly cells: readonly Cell[];
  /** Known reasons why Tandem takes longer, by fault; only where it does. */
  readonly slower: Readonly<Record<string, string>>;
  readonly trials: readonly Trial[];
}

const outagesOf = (trials: readonly Trial[]): number[] =>
  trials.flatMap(({ outage_ms, reasons }) => (outage_ms === null || reasons.length > 0 ? [] : [outage_ms]));

/** One cell for each fault and system that has a trial, in the order of both lists. */
export function cellsOf(
  trials: readonly Trial[],
  faults: readonly string[],
  systems: readonly string[],
  ours: string,
): Cell[] {
  const of = (fault: string, system: string) => trials.filter((one) => one.fault === fault && one.system === system);
  return faults.flatMap((fault) => {
    const mine = median(outagesOf(of(fault, ours)));
    return systems.flatMap((system): Cell[] => {
      const all = of(fault, system);
      if (all.length === 0) return [];
      const outages = outagesOf(all).sort((a, b) => a - b);
      const middle = median(outages);
      return [
        {
          ...{ fault, system, counted: outages.length, runs: all.length },
          ...{ median: middle, least: outages[0], most: outages.at(-1) },
          held: all.reduce((sum, { connections }) => sum + connections.held, 0),
          lost: all.reduce((sum, { connections }) => sum + connections.lost, 0),
          twoOwners: Math.max(0, ...all.map(({ two_owner_ms }) => two_owner_ms ?? 0)),
          stillTwo: all.filter(({ still_two_owners }) => still_two_owners).length,
          ratio: system === ours || mine === undefined || !middle ? undefined : mine / middle,
          quiet: median(outagesOf(of(QUIET.name, system))),
        },
      ];
    });
  });
}

/** The faults at which some system's median is shorter than ours. */
export const slowerAt = (cells: readonly Cell[], ours: string): string[] => [
  ...new Set(
    cells.flatMap(({ fault, system, median: other }) => {
      const mine = cells.find((cell) => cell.fault === fault && cell.system === ours)?.median;
      return system !== ours && mine !== undefined && other !== undefined && mine > other ? [fault] : [];
    }),
  ),
];

const tenth = (value: number | undefined): string => (value === undefined ? '-' : String(Math.round(value * 10) / 10));

const times = (ratio: number | undefined): string => (ratio === undefined ? '' : `${ratio.toPrecision(2)}`);

const HEAD = ['fault', 'system', 'runs', 'median', 'range', 'quiet', 'Tandem/it', 'lost', 'two owners'];

function row(cell: Cell, first: boolean): string[] {
  const still = cell.stillTwo === 0 ? '' : `, and still in ${cell.stillTwo} of ${cell.runs}`;
  return [
    first ? cell.fault : '',
    cell.system,
    `${cell.counted}/${cell.runs}`,
    tenth(cell.median),
    cell.counted === 0 ? '-' : `${tenth(cell.least)} to ${tenth(cell.most)}`,
    tenth(cell.quiet),
    times(cell.ratio),
    `${cell.lost}/${cell.held + cell.lost}`,
    `${tenth(cell.twoOwners)}${still}`,
  ];
}

const title = ({ machine, systems, runs, connections, thin }: Report): string[] => [
  `outage of the clients, ms; ${runs} ${runs === 1 ? 'run' : 'runs'} of each, ${connections} long-lived connections${
    thin === 1 ? '' : `, one of ${thin} probes and exchanges`
  }`,
  `machine: ${machine.cores} cores, ${machine.cpu}, boxes ${machine.accelerator === NATIVE ? NATIVE : `under ${machine.accelerator}`}`,
  ...Object.entries(systems).map(([name, words]) => `${name}: ${words}`),
];

/** The whole report for people, a line each. */
export function table(report: Report): string[] {
  const { cells } = report;
  const rows = cells.map((cell, index) => row(cell, cells[index - 1]?.fault !== cell.fault));
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...rows.map((cellsOfRow) => cellsOfRow[column]!.length)),
  );
  const line = (words: readonly string[]) =>
    words
      .map((word, n) => word.padEnd(widths[n]!))
      .join('  ')
      .trimEnd();
  const lines = [...title(report), '', line(HEAD)];
  for (const [index, words] of rows.entries()) {
    lines.push(line(words));
    const { fault } = cells[index]!;
    const last = cells[index + 1]?.fault !== fault;
    if (last && report.slower[fault] !== undefined) lines.push(`  slower: ${report.slower[fault]}`);
  }
  const broken = report.trials.filter(({ reasons }) => reasons.length > 0);
  if (broken.length > 0) lines.push('', 'not counted:');
  for (const { system, fault, run, reasons } of broken) {
    lines.push(`  ${fault}, ${system}, run ${run}: ${reasons.join('; ')}`);
  }
  return lines;
}
