import { machine } from '../machine.ts';
import type { Drill } from './drill.ts';
import type { Load } from './pace.ts';
import { now } from './program.ts';
import { quiet } from './quiet.ts';
import type { RackPort } from './rack-port.ts';
import { type DrillReport, drillReport, quietLine, report, table } from './report.ts';
import { tableRow } from './result.ts';
import { once, timed } from './run.ts';

export interface AllOptions {
  /** Runs of each drill, 1 to 1000. */
  readonly repeat: number;
  /** One JSON object (report.ts: Report) instead of the table. */
  readonly json: boolean;
  readonly load: Load;
  /** Lines of the report, without their newline. */
  readonly out: (line: string) => void;
  readonly progress: (text: string) => void;
}

/** What is left to do, by what was done: `some 12 min left`. */
export function remaining(spentMs: number, done: number, all: number): string {
  if (done === 0) return `${all} runs to do`;
  return `some ${Math.ceil((spentMs / done) * ((all - done) / 60_000))} min left`;
}

/** Drills one after the other, ending in one report. A run that breaks off is its own result. True when every one is ok. */
export async function drillAll(rack: RackPort, drills: readonly Drill[], options: AllOptions): Promise<boolean> {
  const { repeat, load, progress, out } = options;
  const started = now();
  const still = await quiet(rack, load, timed('quiet', progress));
  progress(quietLine(still));
  const begun = now();
  const all = drills.length * repeat;
  let done = 0;
  const reports: DrillReport[] = [];
  for (const drill of drills) {
    const results = [];
    for (let run = 1; run <= repeat; run++) {
      const result = await once(rack, drill, run, load, timed(`${drill.name} ${run}/${repeat}`, progress));
      results.push(result);
      done += 1;
      progress(tableRow(result));
      progress(`${done} of ${all} runs done, ${remaining(now() - begun, done, all)}`);
    }
    reports.push(drillReport(drill, results));
  }
  const seconds = Math.round((now() - started) / 1000);
  const whole = report({ machine: await machine(), repeat, ...load, seconds, quiet: still }, reports);
  for (const line of options.json ? [JSON.stringify(whole)] : table(whole)) out(line);
  return whole.ok;
}
