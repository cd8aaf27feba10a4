import type { Load } from '../drill/pace.ts';
import type { Machine } from '../machine.ts';
import type { Fault } from './faults.ts';
import { OURS } from './names.ts';
import { cellsOf, type Report, slowerAt, table } from './report.ts';
import type { System, TrialRack } from './system.ts';
import { type Trial, type TrialOptions, trial } from './trial.ts';

export interface BenchOptions {
  /** Of every fault and system. */
  readonly runs: number;
  readonly faults: readonly Fault[];
  readonly machine: Machine;
  /** One JSON object instead of the table. */
  readonly json: boolean;
  readonly load: Load;
  /** Lines of the report, without their newline. */
  readonly out: (line: string) => void;
  readonly progress: (text: string) => void;
}

/** Each run begins with another system, so that what drifts with time favours none. */
const turned = <T>(list: readonly T[], by: number): T[] => list.map((_, index) => list[(index + by) % list.length]!);

/** The whole comparison on a rack of its own. Tandem is the system called `OURS`. True when every figure counts. */
export async function bench<R extends TrialRack>(
  rack: R,
  systems: readonly System<R>[],
  options: BenchOptions,
): Promise<boolean> {
  const { runs, load, faults, progress } = options;
  const described: Record<string, string> = {};
  const trials: Trial[] = [];
  for (let run = 1; run <= runs; run++) {
    for (const system of turned(systems, run - 1)) {
      const tell = (text: string) => progress(`${run}/${runs} ${system.name}: ${text}`);
      trials.push(...(await block(rack, system, faults, { run, load, tell })));
      described[system.name] ??= await system.describe(rack).catch(() => 'did not say');
    }
  }
  const names = systems.map(({ name }) => name);
  const cells = cellsOf(
    trials,
    faults.map(({ name }) => name),
    names,
    OURS,
  );
  const known = faults.flatMap(({ name, slower }) => (slower === undefined ? [] : [[name, slower] as const]));
  const slow = slowerAt(cells, OURS);
  const report: Report = {
    machine: options.machine,
    systems: described,
    ...{ runs, ...load, cells },
    slower: Object.fromEntries(known.filter(([name]) => slow.includes(name))),
    trials,
  };
  for (const line of options.json ? [JSON.stringify(report)] : table(report)) options.out(line);
  return trials.every(({ reasons }) => reasons.length === 0);
}

type BlockOptions = Omit<TrialOptions, 'install'>;

/** Every fault once, on boxes that begin with fresh disks; after a broken trial the next one gets such boxes again. */
async function block<R extends TrialRack>(
  rack: R,
  system: System<R>,
  faults: readonly Fault[],
  { tell, ...options }: BlockOptions,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const fault of faults) {
    const install = (trials.at(-1)?.reasons.length ?? 1) > 0;
    const say = (text: string) => tell(`${fault.name}: ${text}`);
    const done = await trial(rack, system, fault, { ...options, install, tell: say });
    const figure = done.outage_ms === null ? 'no figure' : `outage ${Math.round(done.outage_ms)} ms`;
    const why = Object.entries(done.lost_by).map(([reason, count]) => `${count} ${reason}`);
    say([figure, `${done.connections.lost} connections lost`, ...why, ...done.reasons].join(', '));
    trials.push(done);
  }
  return trials;
}
