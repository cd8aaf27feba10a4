import type { Load } from '../drill/pace.ts';
import { machine } from '../machine.ts';
import { FAULTS, type Fault } from './faults.ts';
import { keepalived } from './incumbent.ts';
import { FAST_ADVERTS, fast, USUAL } from './keepalived.ts';
import { OURS, tandem } from './ours.ts';
import { cellsOf, type Report, slowerAt, table } from './report.ts';
import type { BenchRack, System } from './system.ts';
import { type Trial, type TrialOptions, trial } from './trial.ts';

/**
 * @param deadline of Tandem's heartbeat, ms; undefined = the rack's own
 * @param adverts of the fast keepalived, ms
 */
export const systemsWith = (deadline?: number, adverts = FAST_ADVERTS): readonly System[] => [
  tandem(deadline),
  keepalived('keepalived', USUAL),
  keepalived('keepalived-fast', fast(adverts)),
];

export interface BenchOptions {
  /** Of every fault and system. */
  readonly runs: number;
  /** Names; undefined = all of them. */
  readonly systems: readonly string[] | undefined;
  readonly faults: readonly string[] | undefined;
  /** One JSON object instead of the table. */
  readonly json: boolean;
  readonly load: Load;
  /** Of Tandem's heartbeat, ms; undefined = the rack's own. */
  readonly deadline: number | undefined;
  /** Of the fast keepalived, ms; undefined = `FAST_ADVERTS`. */
  readonly adverts: number | undefined;
  /** Lines of the report, without their newline. */
  readonly out: (line: string) => void;
  readonly progress: (text: string) => void;
}

/** Each run begins with another system, so that what drifts with time favours none. */
const turned = <T>(list: readonly T[], by: number): T[] => list.map((_, index) => list[(index + by) % list.length]!);

/** The whole comparison on a rack of its own. True when every figure counts. */
export async function bench(rack: BenchRack, options: BenchOptions): Promise<boolean> {
  const { runs, load, progress } = options;
  const systems = systemsWith(options.deadline, options.adverts).filter(
    ({ name }) => options.systems?.includes(name) ?? true,
  );
  const faults = FAULTS.filter(({ name }) => options.faults?.includes(name) ?? true);
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
  const known = FAULTS.flatMap(({ name, slower }) => (slower === undefined ? [] : [[name, slower] as const]));
  const slow = slowerAt(cells, OURS);
  const report: Report = {
    machine: await machine(),
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
async function block(
  rack: BenchRack,
  system: System,
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
