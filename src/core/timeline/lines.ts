import { LINKS, type NodeId } from '../../model/pair.ts';
import { GOES_ON, type Mark, type TimelineRecord } from '../../model/timeline.ts';
import type { Group } from './groups.ts';
import { inMs, restoredText, wordsOf } from './words.ts';

/** How much of the time before the first sign is told line by line, ms; of the rest of the minute only its sum. */
export const LEAD = 5_000;

/** What a line can be: a mark, the move itself, or a step of a record that has no marks. */
export type LineKind = Mark['what'] | 'move' | 'step' | 'restored';

export interface Line {
  /** ms; in a story since its first sign, before that on the box's monotonic clock. */
  readonly at: number;
  readonly who: NodeId;
  readonly what: LineKind;
  /** As in a mark; empty for others. */
  readonly subject: string;
  readonly text: string;
  /** Of a `move`. */
  readonly move?: Move;
}

/** What `tandem status` lists of a move, and whose it is. */
export interface Move {
  readonly who: NodeId;
  readonly from: string;
  readonly to: string;
  readonly term: number;
  readonly cause: string;
  readonly evidence: string;
}

/** What one box tells, in its own order. */
export function linesOf(group: Group): Line[] {
  const { records } = group;
  const who = records[0]!.node;
  const moved = new Set(records.map(({ monotonic, to }) => `${monotonic} ${to}`));
  const marks = marksOf(records)
    .filter(({ at }) => at >= group.from - LEAD && at <= group.to + GOES_ON)
    // The move says it with its cause.
    .filter(({ what, at, subject }) => what !== 'role' || !moved.has(`${at} ${subject}`))
    .map((mark): Line => ({ at: mark.at, who, what: mark.what, subject: mark.subject, text: wordsOf(mark, who) }));
  const rest = records.flatMap((record) => [
    ...(record.marks.length === 0 ? stepLines(record) : []),
    moveLine(record),
    ...restoredLine(record),
  ]);
  return [...marks, ...rest].sort((one, other) => one.at - other.at);
}

/** What was amiss in the part of the minute that is not told line by line; undefined when nothing was. */
export function amiss(group: Group): string | undefined {
  const before = marksOf(group.records).filter(({ at }) => at < group.from - LEAD);
  const parts: string[] = [];
  for (const link of LINKS) {
    const gaps = before.filter(({ what, subject }) => what === 'gap' && subject === link);
    const count = gaps.reduce((sum, gap) => sum + gap.count, 0);
    if (count > 0) parts.push(`${count} ${count === 1 ? 'gap' : 'gaps'} on ${link}, the longest ${inMs(worst(gaps))}`);
  }
  const late = before.filter(({ what }) => what === 'late');
  if (late.length > 0) parts.push(`woke at most ${inMs(worst(late))} late`);
  const still = before.filter(({ what }) => what === 'stalled');
  if (still.length > 0) parts.push(`stood still for up to ${inMs(worst(still))}`);
  return parts.length === 0 ? undefined : parts.join(' · ');
}

const worst = (marks: readonly Mark[]): number => Math.max(...marks.map(({ value }) => value));

/** Records that overlap have marks in common; the later one knows them better. */
function marksOf(records: readonly TimelineRecord[]): Mark[] {
  const marks = new Map<string, Mark>();
  for (const record of records) {
    const alike = new Map<string, number>();
    for (const mark of record.marks) {
      const key = `${mark.at} ${mark.what} ${mark.subject}`;
      const nth = (alike.get(key) ?? 0) + 1;
      alike.set(key, nth);
      marks.set(`${key} ${nth}`, mark);
    }
  }
  return [...marks.values()].sort((one, other) => one.at - other.at);
}

function moveLine({ node, monotonic, from, to, term, cause, evidence }: TimelineRecord): Line {
  const text = `${from} → ${to}, term ${term}, cause ${cause}: ${evidence}`;
  const move = { who: node, from, to, term, cause, evidence };
  return { at: monotonic, who: node, what: 'move', subject: to, text, move };
}

/** Where nothing is restored, after the move: as long as it was asked for. */
function restoredLine({ node, monotonic, restored }: TimelineRecord): Line[] {
  if (restored === undefined) return [];
  const at = restored.at ?? monotonic;
  return [{ at, who: node, what: 'restored', subject: '', text: restoredText(restored) }];
}

function stepLines({ node, firstSign, steps }: TimelineRecord): Line[] {
  return Object.entries(steps).map(
    ([name, ms]): Line => ({ at: firstSign + ms, who: node, what: 'step', subject: '', text: name }),
  );
}
