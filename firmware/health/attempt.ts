import type { Cancel } from '../../src/ports/clock.ts';
import type { ProbeAnswer, ProbeTarget } from '../../src/ports/health.ts';

/**
 * Asks one server one question. Calls `done` once at most; may do so from within.
 * The returned cancel ends everything that it began.
 */
export type Probe<Q = ProbeTarget['question']> = (
  target: Omit<ProbeTarget, 'question'> & { readonly question: Q },
  done: (answer: ProbeAnswer) => void,
) => Cancel;

/** A timer that comes later than this says that the process stood still: the answer may lie unread. */
const STALL_MS = 250;

/** What silence says that was noticed `late` ms after the timeout. */
export const silence = (late: number): ProbeAnswer =>
  late > STALL_MS
    ? { ok: null, reason: `this box stood still for ${Math.round(late)} ms` }
    : { ok: false, reason: 'timed out' };

export interface Attempt {
  /** Ends the attempt; only the first answer counts. */
  end(answer: ProbeAnswer): void;
  /** `ok: false`. */
  fail(reason: string): void;
  /** Ends it without an answer. */
  readonly cancel: Cancel;
  /** Whole ms since the beginning. */
  elapsed(): number;
}

/** Bounds one question by its timeout. @param release closes what was opened; called once, whatever the end */
export function startAttempt(
  timeout: number,
  done: (answer: ProbeAnswer) => void,
  release: (good: boolean) => void,
): Attempt {
  const begun = performance.now();
  let over = false;
  const finish = (answer: ProbeAnswer | undefined): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    release(answer?.ok === true);
    if (answer !== undefined) done(answer);
  };
  const timer = setTimeout(() => finish(silence(performance.now() - begun - timeout)), timeout);
  return {
    end: finish,
    fail: (reason) => finish({ ok: false, reason }),
    cancel: () => finish(undefined),
    elapsed: () => Math.round(performance.now() - begun),
  };
}
