import type { MarkEntry, MarkStep, MarkTable } from '../../model/marks.ts';

/** The identity of an entry is all of it: another mark for the same packets is another entry. */
const entryId = ({ protocol, address, first, last, mark }: MarkEntry): string =>
  `${protocol} ${address} ${first}-${last} ${mark}`;

/**
 * What differs between the wanted firewall marks and the kernel's, entry by entry: what is right is not touched. Deletions
 * come first, because an element may overlap its successor. A box without marks has no table.
 */
export function planMarks(desired: readonly MarkEntry[], observed: MarkTable): MarkStep[] {
  if (desired.length === 0) return observed.present ? [{ op: 'drop-marks' }] : [];
  const add = (entry: MarkEntry): MarkStep => ({ op: 'add-mark', entry });
  if (!observed.intact) return [{ op: 'make-marks' }, ...desired.map(add)];
  const present = new Set(observed.entries.map(entryId));
  const wanted = new Set(desired.map(entryId));
  return [
    ...observed.entries
      .filter((entry) => !wanted.has(entryId(entry)))
      .map((entry): MarkStep => ({ op: 'delete-mark', entry })),
    ...desired.filter((entry) => !present.has(entryId(entry))).map(add),
  ];
}
