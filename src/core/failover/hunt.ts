import type { Hunt } from './state.ts';
import type { FailoverConfig } from './types.ts';

/** The second proof: both floats asked for by ARP probes (RFC 5227), and no answer from anybody. */

export function startHunt(config: FailoverConfig, now: number): Hunt {
  return {
    since: now,
    unanswered: 0,
    firstAt: now,
    lastAt: now,
    answered: false,
    nextAt: now,
    gap: config.probeInterval,
    answeredAt: -Infinity,
  };
}

/** A probe of both floats goes out. */
export function probed(hunt: Hunt, config: FailoverConfig, now: number): Hunt {
  const silentAgain = hunt.unanswered > 0;
  return {
    ...hunt,
    unanswered: hunt.unanswered + 1,
    firstAt: silentAgain ? hunt.firstAt : now,
    lastAt: now,
    answered: false,
    nextAt: now + config.probeInterval,
    gap: silentAgain ? config.probeInterval : hunt.gap,
  };
}

/** Somebody answered for a float: the proof starts over, and probes come slower as long as that goes on. */
export function answered(hunt: Hunt, config: FailoverConfig, now: number): Hunt {
  const gap = hunt.answered ? hunt.gap : Math.min(config.probeBackOff, 2 * hunt.gap);
  return { ...hunt, unanswered: 0, answered: true, answeredAt: now, gap, nextAt: Math.max(now, hunt.lastAt + gap) };
}

/** From when on the proof holds if no answer comes; the probes still needed are not counted. */
export function unansweredAt(hunt: Hunt, config: FailoverConfig): number {
  return hunt.unanswered === 0 ? Infinity : hunt.firstAt + config.probeSilence;
}

export function unanswered(hunt: Hunt, config: FailoverConfig, now: number): boolean {
  return hunt.unanswered >= config.probesNeeded && now >= unansweredAt(hunt, config);
}
