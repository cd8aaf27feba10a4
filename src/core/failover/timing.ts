import type { FailoverTiming } from './types.ts';

/**
 * Every time of the core, from the two that the document names (ms). With 12 and 50: suspicion and the first probe at
 * 21, silence past the deadline at 50, both proofs at 51 after the last beat.
 */
export function defaultTiming(interval: number, deadline: number): FailoverTiming {
  // Late timers move a beat by less than an interval; a lost one moves it by a whole.
  const suspectAfter = 1.75 * interval;
  const probeSilence = Math.min(100, Math.max(30, deadline - suspectAfter - 5));
  const probeInterval = probeSilence / 4;
  return {
    interval,
    deadline,
    suspectAfter,
    probeInterval,
    probeBackOff: Math.max(100, probeInterval),
    probeSilence,
    probesNeeded: 3,
    startupListen: Math.max(500, 5 * deadline),
    settle: 3 * interval,
    // A float's kernel lifetime is 2 s in whole seconds: three renewals may fail.
    renewInterval: 500,
    handOverTimeout: Math.max(500, 5 * deadline),
    alarmAfter: Math.max(1000, 10 * deadline),
    unreadyAfter: 5000,
  };
}
