import type { Beat } from '../../codec/beat.ts';
import type { LinkId } from '../../model/pair.ts';
import { createMinute, type Minute } from './minute.ts';

/** Of one link, over the last minute. */
export interface LinkFigures {
  /** How long the link has been heard without a break, or silent; null = nothing was ever heard on it. */
  readonly sinceMs: number | null;
  /** ms from a beat of ours to the first that echoes it, so with the twin's wait for its own turn; null = no echo. */
  readonly roundTrip: { readonly min: number; readonly median: number; readonly max: number } | null;
  /** Share of the twin's beats that did not arrive on this link, 0 to 1; null = none to judge by. */
  readonly loss: number | null;
  /** Beats of ours that went out on it, per second. */
  readonly beatsPerSecond: number;
}

export interface LinkWatch {
  /** A beat of ours goes out on this link. */
  sent(link: LinkId, sequence: number, now: number): void;
  /** An authentic beat came by this link. */
  heard(link: LinkId, beat: Beat, now: number): void;
  figures(link: LinkId, now: number): LinkFigures;
}

/** Beats of ours whose time of sending is kept, more than a second of them; a power of two. */
const KEPT = 64;
const WORD = 2 ** 32;

interface Path {
  readonly minute: Minute;
  /** Of the twin's routine beats, this link carries those whose sequence leaves `turn` when divided by `of`. */
  readonly turn: number;
  readonly of: number;
  boot: string;
  /** The latest of those that arrived, and when. */
  last: number;
  lastAt: number;
  heardAt: number | undefined;
  since: number;
  /** The latest echo that was counted. */
  echoed: number;
}

/**
 * Figures about each link for people, at a few additions a beat.
 * @param shared the links that carry routine beats in turn, in their order, which is the twin's too.
 * @param silentAfter silence after which a link counts as silent, ms.
 */
export function createLinkWatch(
  links: readonly LinkId[],
  shared: readonly LinkId[],
  silentAfter: number,
  now: number,
): LinkWatch {
  const sequences = new Float64Array(KEPT);
  const times = new Float64Array(KEPT);
  const paths = new Map<LinkId, Path>();
  for (const link of links) {
    const turn = Math.max(0, shared.indexOf(link));
    const of = shared.includes(link) ? shared.length : 1;
    const minute = createMinute(now);
    paths.set(link, {
      minute,
      turn,
      of,
      boot: '',
      last: 0,
      lastAt: now,
      heardAt: undefined,
      since: now,
      echoed: 0,
    });
  }

  function noteEchoes(beat: Beat, at: number): void {
    for (const [link, path] of paths) {
      const word = beat.heard[link];
      const ahead = (word - path.echoed + WORD) % WORD;
      if (word === 0 || ahead === 0 || ahead > WORD / 2) continue;
      path.echoed = word;
      const slot = word % KEPT;
      if (sequences[slot]! % WORD === word) path.minute.roundTrip(at - times[slot]!, at);
    }
  }

  function noteArrival(path: Path, beat: Beat, at: number): void {
    if (beat.sequence % path.of !== path.turn) return;
    if (path.boot !== beat.boot) {
      path.boot = beat.boot;
    } else if (beat.sequence <= path.last) {
      return;
    } else {
      const due = (beat.sequence - path.last) / path.of;
      path.minute.arrived(due - 1, at, at - path.lastAt);
    }
    path.last = beat.sequence;
    path.lastAt = at;
  }

  /** Beats of the twin that other links brought and this one should have; the newest may still be on their way. */
  function missing(path: Path): number {
    let newest = 0;
    for (const other of paths.values()) if (other.boot === path.boot) newest = Math.max(newest, other.last);
    return Math.max(0, Math.floor((newest - path.last) / path.of) - 1);
  }

  return {
    sent(link, sequence, at) {
      sequences[sequence % KEPT] = sequence;
      times[sequence % KEPT] = at;
      paths.get(link)?.minute.sent(at);
    },
    heard(link, beat, at) {
      const path = paths.get(link);
      if (path === undefined) return;
      if (path.heardAt === undefined || at - path.heardAt > silentAfter) path.since = at;
      path.heardAt = at;
      noteArrival(path, beat, at);
      noteEchoes(beat, at);
    },
    figures(link, at) {
      const path = paths.get(link)!;
      const { heardAt, since, minute } = path;
      const silent = heardAt !== undefined && at - heardAt > silentAfter;
      return {
        sinceMs: heardAt === undefined ? null : Math.round(at - (silent ? heardAt : since)),
        ...minute.figures(at, path.boot === '' ? 0 : missing(path), at - path.lastAt),
      };
    },
  };
}
