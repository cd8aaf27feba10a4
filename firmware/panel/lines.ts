import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TandemError } from '../../src/model/error.ts';
import type { BoardLine } from '../../src/model/panel.ts';

/** Documentation/admin-guide/gpio/sysfs.rst of the kernel. */
const SYSFS = '/sys/class/gpio';

/** A GPIO chip of this box: its label, and the global number of its first line, which differs from boot to boot. */
export interface Chip {
  readonly label: string;
  readonly base: number;
  /** Lines. */
  readonly size: number;
}

/** The GPIO chips that this kernel shows; none where it has no GPIO. */
export function chips(sysfs: string = SYSFS): readonly Chip[] {
  let names: string[];
  try {
    names = readdirSync(sysfs);
  } catch {
    return [];
  }
  return names
    .filter((name) => /^gpiochip\d+$/.test(name))
    .map((name) => {
      const read = (file: string) => readFileSync(join(sysfs, name, file), 'utf8').trim();
      return { label: read('label'), base: Number(read('base')), size: Number(read('ngpio')) };
    });
}

/**
 * The global number of a line.
 * @throws TandemError `not-found` when this box has no such chip, or the chip no such line.
 */
export function numberOf(line: BoardLine, known: readonly Chip[]): number {
  const chip = known.find(({ label }) => label === line.chip);
  if (chip === undefined) throw new TandemError('not-found', `no GPIO chip is labelled ${line.chip}`);
  if (line.offset < chip.size) return chip.base + line.offset;
  throw new TandemError('not-found', `GPIO chip ${line.chip} has no line ${line.offset}: it has ${chip.size}`);
}
