import { cpus } from 'node:os';
import { runInVm } from '../../image/vm/floor/run.ts';
import { accelerator } from '../../image/vm/start.ts';
import { TandemError } from '../../src/model/error.ts';

/** One measured value of one run. */
export interface Figure {
  readonly name: string;
  /** In the unit that its name says. */
  readonly value: number;
}

/** A line of JSON that a measuring program printed. */
export function figureOf(line: string): Figure | undefined {
  if (!line.startsWith('{')) return undefined;
  return JSON.parse(line) as Figure;
}

/**
 * Runs a program of this folder as root in a test machine and collects the lines of JSON that it prints.
 * @param counted one processor whose clock counts instructions, so that other load on this host changes no figure
 * @throws TandemError `io` with the machine's last words when the program fails.
 */
export async function measureInVm(command: string, timeoutSeconds: number, counted = false): Promise<Figure[]> {
  let words = '';
  const { code, output } = await runInVm(`node ${command}`, {
    timeoutSeconds,
    counted,
    onOutput: (text) => process.stderr.write(text),
    onConsole: (text) => {
      words = (words + text).slice(-4000);
    },
  });
  if (code !== 0) throw new TandemError('io', `the bench ended with ${code}\n${words}`);
  return output.split('\n').flatMap((line) => figureOf(line.trim()) ?? []);
}

/** What was measured on, for the head of a report. */
export async function machineWords(): Promise<string> {
  const all = cpus();
  return `machine: ${all.length} cores, ${all[0]?.model.trim() ?? 'unknown'}, 2 of them emulated in a VM under ${await accelerator()}`;
}
