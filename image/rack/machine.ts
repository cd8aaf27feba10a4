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

/** @param under what runs the boxes; left out, the accelerator that the rack's have here. */
export async function machine(under?: string): Promise<Machine> {
  const all = cpus();
  const cpu = all[0]?.model.trim() ?? 'unknown';
  return { cores: all.length, cpu, accelerator: under ?? (await accelerator()), release: VERSION };
}
