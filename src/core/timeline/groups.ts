import type { Timeline, TimelineRecord } from '../../model/timeline.ts';
import { type Relation, relate } from './relate.ts';

/** Moves with less than this between them belong to one story, ms. */
export const TOGETHER = 5_000;

/** Moves of one box that belong together, of one process of its lane, oldest first; never empty. */
export interface Group {
  readonly records: readonly TimelineRecord[];
  /** Its first sign and its last move, on the box's monotonic clock. */
  readonly from: number;
  readonly to: number;
}

/** One story's parts: this box's, the twin's, or both and how their clocks stand to each other. */
export interface Part {
  readonly own: Group | undefined;
  readonly twin: Group | undefined;
  /** By beats; undefined when there is only one box, or no common beat and the wall clocks had to do. */
  readonly relation: Relation | undefined;
}

export function groupsOf({ records }: Timeline): Group[] {
  const groups: TimelineRecord[][] = [];
  for (const record of records) {
    const last = groups.at(-1)?.at(-1);
    const joins = last !== undefined && last.boot === record.boot && record.firstSign - last.monotonic <= TOGETHER;
    if (joins) groups.at(-1)!.push(record);
    else groups.push([record]);
  }
  return groups.map((group) => ({
    records: group,
    from: Math.min(...group.map(({ firstSign }) => firstSign)),
    to: Math.max(...group.map(({ monotonic }) => monotonic)),
  }));
}

/**
 * Which moves of the twin belong to which of this box's, in an order that keeps each box's own. Common beats say it;
 * where there are none, the wall clocks and the terms, which only grow.
 */
export function pairUp(own: readonly Group[], twin: readonly Group[]): Part[] {
  const byBeats = match(own, twin, related);
  const parts: Part[] = [];
  let [ownFrom, twinFrom] = [0, 0];
  for (const { at, to, relation } of [...byBeats, { at: own.length, to: twin.length, relation: undefined }]) {
    parts.push(...between(own.slice(ownFrom, at), twin.slice(twinFrom, to)));
    if (at < own.length) parts.push({ own: own[at], twin: twin[to], relation });
    [ownFrom, twinFrom] = [at + 1, to + 1];
  }
  return parts;
}

/** Between two pairs that the beats have made. */
function between(own: readonly Group[], twin: readonly Group[]): Part[] {
  const byClocks = match(own, twin, (one, other) => (adjacent(one, other) ? NO_RELATION : undefined));
  const parts: Part[] = [];
  let [ownFrom, twinFrom] = [0, 0];
  for (const { at, to } of [...byClocks, { at: own.length, to: twin.length }]) {
    parts.push(...interleaved(own.slice(ownFrom, at), twin.slice(twinFrom, to)));
    if (at < own.length) parts.push({ own: own[at], twin: twin[to], relation: undefined });
    [ownFrom, twinFrom] = [at + 1, to + 1];
  }
  return parts;
}

const NO_RELATION = { offset: 0, within: undefined, beats: 0 };

interface Match {
  readonly at: number;
  readonly to: number;
  readonly relation: Relation;
}

/** The first fitting group of the twin for each of this box's, never going back. */
function match(
  own: readonly Group[],
  twin: readonly Group[],
  fits: (own: Group, twin: Group) => Relation | undefined,
): Match[] {
  const found: Match[] = [];
  let next = 0;
  for (let at = 0; at < own.length; at += 1) {
    for (let to = next; to < twin.length; to += 1) {
      const relation = fits(own[at]!, twin[to]!);
      if (relation === undefined) continue;
      found.push({ at, to, relation });
      next = to + 1;
      break;
    }
  }
  return found;
}

function related(own: Group, twin: Group): Relation | undefined {
  const relation = relate(own.records, twin.records, own.to);
  if (relation === undefined) return undefined;
  const [from, to] = [twin.from - relation.offset, twin.to - relation.offset];
  return Math.max(from - own.to, own.from - to) <= TOGETHER ? relation : undefined;
}

function adjacent(own: Group, twin: Group): boolean {
  if (relate(own.records, twin.records, own.to) !== undefined) return false;
  const apart = Math.max(wallFrom(twin) - wallTo(own), wallFrom(own) - wallTo(twin));
  return apart <= TOGETHER && Math.abs(termOf(own) - termOf(twin)) <= 1;
}

function interleaved(own: readonly Group[], twin: readonly Group[]): Part[] {
  const parts: Part[] = [];
  let [one, other] = [0, 0];
  while (one < own.length || other < twin.length) {
    const [mine, its] = [own[one], twin[other]];
    const ownFirst =
      its === undefined || (mine !== undefined && (termOf(mine) - termOf(its) || wallFrom(mine) - wallFrom(its)) <= 0);
    if (ownFirst) one += 1;
    else other += 1;
    parts.push({ own: ownFirst ? mine : undefined, twin: ownFirst ? undefined : its, relation: undefined });
  }
  return parts;
}

const termOf = ({ records }: Group): number => Math.max(...records.map(({ term }) => term));

/** Of the first sign and of the last move, ms since the epoch. */
export const wallFrom = ({ records, from }: Group): number => records[0]!.at - (records[0]!.monotonic - from);
const wallTo = ({ records }: Group): number => records.at(-1)!.at;
