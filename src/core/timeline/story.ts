import type { NodeId } from '../../model/pair.ts';
import type { Timeline } from '../../model/timeline.ts';
import { type Group, groupsOf, type Part, pairUp, wallFrom } from './groups.ts';
import { amiss, type Line, linesOf, type Move } from './lines.ts';
import { type Share, sharesOf } from './shares.ts';

/** One story of both boxes, or of one where the other has nothing to say. */
export interface Story {
  /** When its first sign was, by the wall clock of the box that is named: ms since the epoch. */
  readonly wall: number;
  readonly wallOf: NodeId;
  readonly moves: readonly Move[];
  /** In the order of time, cause first; `at` is ms since the first sign. */
  readonly lines: readonly Line[];
  /** Where the milliseconds went. */
  readonly shares: readonly Share[];
  /** By box: what was amiss before the first line. */
  readonly before: Readonly<Partial<Record<NodeId, string>>>;
  /** How the lines of the two boxes were put together; undefined for one box. */
  readonly clocks: Clocks | undefined;
}

export interface Clocks {
  /** `wall`: the boxes have no beat in common, so the lines are as far off as their wall clocks are apart. */
  readonly by: 'beats' | 'wall';
  readonly beats: number;
  /** How far off the other box's lines may be, ms; null when that is not known. */
  readonly withinMs: number | null;
}

/**
 * One box's records, or both boxes', as stories, oldest first. Each box's events keep their own order. Wall clocks only
 * say when a story was, and join boxes that have no beat in common.
 */
export function storiesOf(own: Timeline, twin?: Timeline): Story[] {
  return pairUp(groupsOf(own), twin === undefined ? [] : groupsOf(twin)).map(storyOf);
}

function storyOf(part: Part): Story {
  const { own, twin } = part;
  const lead = (own ?? twin)!;
  const other = own === undefined ? undefined : twin;
  const offset = other === undefined ? 0 : offsetOf(part, lead, other);
  const theirs = other === undefined ? [] : linesOf(other).map((line) => ({ ...line, at: line.at - offset }));
  const zero = Math.min(lead.from, other === undefined ? Number.POSITIVE_INFINITY : other.from - offset);
  const lines = interleave(linesOf(lead), theirs).map((line) => ({ ...line, at: line.at - zero }));
  return {
    wall: wallFrom(lead) - (lead.from - zero),
    wallOf: nodeOf(lead),
    moves: lines.flatMap(({ move }) => move ?? []),
    lines,
    shares: sharesOf(lines),
    before: Object.fromEntries(
      [lead, other].flatMap((group) => {
        const text = group && amiss(group);
        return text === undefined ? [] : [[nodeOf(group!), text]];
      }),
    ),
    clocks: other && clocksOf(part),
  };
}

const nodeOf = ({ records }: Group): NodeId => records[0]!.node;

/** ms to take from the twin's time to have this box's. */
function offsetOf({ relation }: Part, own: Group, twin: Group): number {
  if (relation !== undefined) return relation.offset;
  const ofWall = ({ records }: Group): number => records[0]!.monotonic - records[0]!.at;
  return ofWall(twin) - ofWall(own);
}

function clocksOf({ relation }: Part): Clocks {
  if (relation === undefined) return { by: 'wall', beats: 0, withinMs: null };
  return { by: 'beats', beats: relation.beats, withinMs: relation.within ?? null };
}

/** Two lists in their own order become one by time. */
function interleave(own: readonly Line[], twin: readonly Line[]): Line[] {
  const lines: Line[] = [];
  let [one, other] = [0, 0];
  while (one < own.length || other < twin.length) {
    const [mine, theirs] = [own[one], twin[other]];
    const ownFirst = theirs === undefined || (mine !== undefined && mine.at <= theirs.at);
    lines.push(ownFirst ? mine! : theirs);
    if (ownFirst) one += 1;
    else other += 1;
  }
  return lines;
}
