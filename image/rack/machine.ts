import { cpus } from 'node:os';
import { VERSION } from '../../src/model/version.ts';
import { accelerator } from '../vm/start.ts';

/** In place of an accelerator, where no box is emulated. */
export const NATIVE = 'in namespaces of this kernel';

/** What was measured on, so that two reports can be compared. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  /** Of the boxes: `tcg` is plain emulation. */
  readonly accelerator: string;
  /** Of Tandem. */
  readonly release: string;
}

export async function machine(): Promise<Machine> {
  const all = cpus();
  const cpu = all[0]?.model.trim() ?? 'unknown';
  return { cores: all.length, cpu, accelerator: await accelerator(), release: VERSION };
}
