import { cpus } from 'node:os';
import { accelerator } from '../../vm/start.ts';
import { FAULTS, type Fault } from './faults.ts';
import { keepalived } from './incumbent.ts';
import { FASTEST, USUAL } from './keepalived.ts';
import { TANDEM } from './ours.ts';
import { cellsOf, type Machine, type Report, slowerAt, table } from './report.ts';
import type { BenchRack, System } from './system.ts';
import { type Trial, trial } from './trial.ts';

export const SYSTEMS: readonly System[] = [
  TANDEM,
  keepalived('keepalived', USUAL),
  keepalived('keepalived-fast', FASTEST),
];

export interface BenchOptions {
  /** Of every fault and system. */
  readonly runs: number;
  /** Names; undefined = all of them. */
  readonly systems: readonly string[] | undefined;
  readonly faults: readonly string[] | undefined;
  /** One JSON object instead of the table. */
  readonly json: boolean;
  /** Long-lived connections, 1 to 1000. */
  readonly connections: number;
  /** Lines of the report, without their newline. */
  readonly out: (line: string) => void;
  readonly progress: (text: string) => void;
}

async function machine(): Promise<Machine> {
  const all = cpus();
  return { cores: all.length, cpu: all[0]?.model.trim() ?? 'unknown', accelerator: await accelerator() };
}

/** Each run begins with another system, so that what drifts with time favours none. */
const turned = <T>(list: readonly T[], by: number): T[] => list.map((_, index) => list[(index + by) % list.length]!);

/** The whole comparison on a rack of its own. True when every figure counts. */
export async function bench(rack: BenchRack, options: BenchOptions): Promise<boolean> {
  const { runs, connections, progress } = options;
  const systems = SYSTEMS.filter(({ name }) => options.systems?.includes(name) ?? true);
  const faults = FAULTS.filter(({ name }) => options.faults?.includes(name) ?? true);
  const described: Record<string, string> = {};
  const trials: Trial[] = [];
  for (let run = 1; run <= runs; run++) {
    for (const system of turned(systems, run - 1)) {
      const tell = (text: string) => progress(`${run}/${runs} ${system.name}: ${text}`);
      const describe = async () => {
        described[system.name] ??= await system.describe(rack);
      };
      trials.push(...(await block(rack, system, faults, { run, connections, tell, describe })));
    }
  }
  const names = systems.map(({ name }) => name);
  const cells = cellsOf(
    trials,
    faults.map(({ name }) => name),
    names,
    TANDEM.name,
  );
  const known = FAULTS.flatMap(({ name, slower }) => (slower === undefined ? [] : [[name, slower] as const]));
  const slow = slowerAt(cells, TANDEM.name);
  const report: Report = {
    machine: await machine(),
    systems: described,
    ...{ runs, connections, cells },
    slower: Object.fromEntries(known.filter(([name]) => slow.includes(name))),
    trials,
  };
  for (const line of options.json ? [JSON.stringify(report)] : table(report)) options.out(line);
  return trials.every(({ reasons }) => reasons.length === 0);
}

interface BlockOptions {
  readonly run: number;
  readonly connections: number;
  readonly tell: (text: string) => void;
  /** Called with booted boxes. */
  readonly describe: () => Promise<void>;
}

/** Every fault once, on boxes that begin with fresh disks; after a broken trial the next one gets such boxes again. */
async function block(
  rack: BenchRack,
  system: System,
  faults: readonly Fault[],
  { run, connections, tell, describe }: BlockOptions,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  let fresh = false;
  for (const fault of faults) {
    if (!fresh) {
      tell('fresh disks');
      await rack.reinstall(await system.disks());
      await describe();
    }
    const done = await trial(rack, system, fault, { run, connections, tell: (text) => tell(`${fault.name}: ${text}`) });
    const figure = done.outage_ms === null ? done.reasons.join('; ') : `outage ${Math.round(done.outage_ms)} ms`;
    tell(`${fault.name}: ${figure}, ${done.connections.lost} connections lost`);
    trials.push(done);
    fresh = done.reasons.length === 0;
  }
  return trials;
}
