import type { Picture } from '../model/console.ts';
import { type Change, diff } from '../model/diff.ts';
import type { Cancel, Clock, Close } from '../ports/clock.ts';

/** Between two looks when nothing happens. */
const CALM_MS = 1_000;
/** Between two looks after news, for `BRISK_FOR_MS`: what one event sets in motion shows as it happens. The first is at once. */
const BRISK_MS = 500;
const BRISK_FOR_MS = 3_000;

/** The picture as it changes, for whoever subscribes. Nobody subscribed: nothing runs. */
export interface Feed {
  subscribe(subscriber: Subscriber): Close;
  /** The newest picture; undefined before the first look of this run. */
  current(): Shown | undefined;
  /** Something happened: look soon. */
  news(): void;
}

export interface Shown {
  readonly revision: number;
  readonly picture: Picture;
  /** Monotonic ms when it was asked for. */
  readonly at: number;
}

/** `changes` lead from the revision before; undefined for the first picture of a run. */
export type Subscriber = (shown: Shown, changes: readonly Change[] | undefined) => void;

/**
 * @param look asks the box; rejects when it cannot be asked.
 * @param wake called when the first subscriber comes; what it returns, when the last one has gone.
 */
export function createFeed(clock: Clock, look: () => Promise<Picture>, wake: () => Close): Feed {
  const subscribers = new Set<Subscriber>();
  let shown: Shown | undefined;
  let revision = 0;
  let timer: Cancel | undefined;
  let looking = false;
  let lastLook = Number.NEGATIVE_INFINITY;
  let cost = 0;
  let briskUntil = Number.NEGATIVE_INFINITY;
  /** The first news after a calm time have not been looked for. */
  let fresh = false;
  let sleep: Close | undefined;

  /** A box that takes long to answer is asked less often: at most half of its time. */
  const pause = (): number => Math.max(clock.now() < briskUntil ? BRISK_MS : CALM_MS, 2 * cost);

  function arm(): void {
    timer?.();
    timer = undefined;
    if (subscribers.size === 0 || looking) return;
    timer = clock.at(fresh ? clock.now() : lastLook + pause(), () => void round());
  }

  async function round(): Promise<void> {
    looking = true;
    fresh = false;
    const began = clock.now();
    lastLook = began;
    try {
      const picture = await look();
      const before = shown;
      revision += 1;
      if (subscribers.size > 0) {
        shown = { revision, picture, at: began };
        const changes = before === undefined ? undefined : diff(before.picture, picture);
        for (const subscriber of subscribers) subscriber(shown, changes);
      }
    } catch {
      // The page says how old its picture is; the next look may succeed.
    } finally {
      looking = false;
      cost = clock.now() - began;
      arm();
    }
  }

  return {
    subscribe(subscriber) {
      subscribers.add(subscriber);
      if (subscribers.size === 1) {
        sleep = wake();
        arm();
      }
      return () => {
        if (!subscribers.delete(subscriber) || subscribers.size > 0) return;
        timer?.();
        timer = undefined;
        shown = undefined;
        sleep?.();
      };
    },
    current: () => shown,
    news() {
      const now = clock.now();
      // At once, but of a storm of news only the first.
      if (now >= briskUntil) fresh = true;
      briskUntil = now + BRISK_FOR_MS;
      arm();
    },
  };
}
