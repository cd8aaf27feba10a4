import type { DriftResult } from '../../model/control.ts';
import { type DriftRow, driftWords } from '../../model/drift.ts';
import { plain } from '../io.ts';
import { wallTime } from './time.ts';

const DONE = {
  repaired: 'repaired',
  leaving: 'taken out of use; removed when its connections have ended',
  held: 'left alone: repair is held',
  failed: 'not repaired',
} as const;

function outcome({ done, why }: DriftRow): string {
  return why === '' ? DONE[done] : `${DONE[done]}: ${why}`;
}

function rowLines(row: DriftRow): string[] {
  const times = row.count === 1 ? '' : `, ${row.count} times until ${wallTime(row.last).slice(11)}`;
  const when = row.atStart
    ? ' (found at start: changed while the controller was not running, or not finished before)'
    : '';
  return [`${wallTime(row.at)} ${plain(driftWords(row))}`, `  ${plain(outcome(row))}${times}${when}`];
}

/** Two lines for each difference, the newest last, where the eye is after a long list; then the hold, if one stands. */
export function driftLines({ rows, hold, left }: DriftResult): string[] {
  const lines = [...rows].reverse().flatMap(rowLines);
  if (rows.length === 0) lines.push('no drift is on record: nobody else has changed what is ours');
  if (hold === undefined) return lines;
  const why = hold.reason === '' ? '' : `: ${hold.reason}`;
  lines.push(plain(`repair is held until ${wallTime(hold.until)} by ${hold.by}${why}`));
  if (left.length > 0) lines.push('left alone until then, or until `tandem drift resume`:');
  return [...lines, ...left.map((line) => `  ${plain(line)}`)];
}
