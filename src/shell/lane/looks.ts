import type { Cancel, Clock, Close } from '../../ports/clock.ts';
import type { PeerLink } from '../../ports/peer.ts';

/** Of an interval: how often a link is looked at when no other link tells that the twin beats. */
const ALONE = 1 / 4;

/** Links that take turns, and a beat that was lost: other links that bring none for so many intervals tell nothing now. */
const TELLS_FOR = 3;

/**
 * When to look at the links that wake nobody. A beat that another link has brought is no news there, so those are looked at
 * once a beat of our own; where no other link brings any, four times as often.
 */
export interface Looks {
  look(): void;
  /** An authentic beat of the twin came by this link. */
  heard(link: PeerLink): void;
  readonly close: Close;
}

/** @param interval of the heartbeat, ms. */
export function createLooks(clock: Clock, links: readonly PeerLink[], interval: number): Looks {
  const quiet = links.filter((link) => link.look !== undefined);
  let toldAt = Number.NEGATIVE_INFINITY;
  let looking = false;
  let timer: Cancel | undefined;

  function look(): void {
    // What a look brings may be answered by a beat, which looks.
    if (looking) return;
    looking = true;
    try {
      for (const link of quiet) link.look?.();
    } finally {
      looking = false;
    }
    arm();
  }

  function arm(): void {
    if (timer !== undefined || quiet.length === 0 || clock.now() - toldAt < TELLS_FOR * interval) return;
    timer = clock.at(clock.now() + ALONE * interval, () => {
      timer = undefined;
      look();
    });
  }
  arm();

  return {
    look,
    heard(link) {
      if (link.look === undefined) toldAt = clock.now();
    },
    close() {
      timer?.();
      quiet.length = 0;
    },
  };
}
