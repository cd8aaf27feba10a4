import { type SysctlEntry, sysctlTable, sysctlTable6 } from './sysctlTable.ts';
import type { DesiredState, Observation, SysctlStep } from './types.ts';

/** What must hold on a box that has these addresses: IPv6 is left alone while the document has none of it. */
export const tableFor = (desired: Pick<DesiredState, 'nics' | 'floats'>): readonly SysctlEntry[] =>
  [...desired.nics, ...desired.floats].some(({ address }) => address.includes(':'))
    ? [...sysctlTable, ...sysctlTable6]
    : sysctlTable;

/** The table with `<nic>` filled in: one line for each name that must hold on this box. */
export function sysctlsFor(devices: readonly string[], table: readonly SysctlEntry[] = sysctlTable): SysctlEntry[] {
  return table.flatMap((entry) =>
    entry.name.includes('<nic>')
      ? devices.map((device) => ({ ...entry, name: entry.name.replace('<nic>', slashed(device)) }))
      : [entry],
  );
}

/**
 * The writes that make the observed values right, in the table's order. A name this kernel lacks is planned too: the
 * refusal is what raises the alarm (usually a module that is not loaded).
 */
export function planSysctls(
  devices: readonly string[],
  observed: Observation['sysctls'],
  table: readonly SysctlEntry[] = sysctlTable,
): SysctlStep[] {
  const written = new Set<string>();
  const steps: SysctlStep[] = [];
  for (const entry of sysctlsFor(devices, table)) {
    const reset = entry.after !== undefined && written.has(entry.after);
    if (!reset && normal(observed[entry.name]) === entry.value) continue;
    written.add(entry.name);
    steps.push({ name: entry.name, value: entry.value });
  }
  return steps;
}

/** A device name with dots (a VLAN) is written with slashes, as sysctl(8) does, so that it stays one word of the name. */
const slashed = (device: string): string => device.replaceAll('.', '/');

/** The kernel separates the numbers of a value by tabs. */
export const normal = (value: string | undefined): string | undefined => value?.trim().replace(/\s+/g, ' ');
