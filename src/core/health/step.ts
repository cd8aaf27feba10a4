import type { Checked, CheckSpec, CheckState, HealthEffect, HealthEvent, HealthState } from './types.ts';

/** Questions under way at once: more sockets would starve everything else this process does. */
export const MAX_ASKING = 64;
/** First questions of a new document are spread over this time. */
export const START_SPREAD_MS = 200;
/** Shortest time between two questions to one server. */
export const RECHECK_MIN_MS = 50;
/** An answer later than its timeout by this much is taken as a failed one: the asker itself is lost. */
export const ANSWER_GRACE_MS = 1000;

export const initialHealth: HealthState = { checks: {}, attempts: 0 };

/**
 * One move of all checks. A verdict turns after `rise` good or `fall` bad answers in a row; a server that was never asked
 * turns on its first. After a first bad answer the next question comes sooner, so that `fall` is reached well within
 * `fall` intervals.
 * @param now monotonic ms
 */
export function step(state: HealthState, event: HealthEvent, now: number): Checked {
  switch (event.type) {
    case 'checks':
      return ask(replace(state, event.specs, event.adopted, now), [], now);
    case 'answer': {
      const check = state.checks[event.id];
      if (check?.asking?.attempt !== event.attempt) return { state, effects: [] };
      const judged = judge(check, event.ok, event.reason, now);
      return ask(withCheck(state, judged.check), judged.effects, now);
    }
    case 'tick':
      return overdue(state, now);
  }
}

/** When `tick` is wanted, monotonic ms; infinity = nothing to ask. */
export function wakeAt(state: HealthState): number {
  let earliest = Number.POSITIVE_INFINITY;
  let asking = 0;
  let waiting = Number.POSITIVE_INFINITY;
  for (const check of Object.values(state.checks)) {
    if (check.asking === undefined) waiting = Math.min(waiting, check.nextAt);
    else {
      asking += 1;
      earliest = Math.min(earliest, lostAt(check.spec, check.asking.since));
    }
  }
  return asking < MAX_ASKING ? Math.min(earliest, waiting) : earliest;
}

/** A server without a check, or with one that was never answered, counts as up. */
export const isUp = (state: HealthState, id: string | undefined): boolean =>
  id === undefined || state.checks[id]?.verdict !== 'down';

const lostAt = (spec: CheckSpec, since: number): number => since + spec.timeout + ANSWER_GRACE_MS;

function replace(
  state: HealthState,
  specs: readonly CheckSpec[],
  adopted: Readonly<Record<string, 'up' | 'down'>>,
  now: number,
): HealthState {
  const target = (spec: CheckSpec): string => `${spec.address}:${spec.port}`;
  const known = new Map(Object.values(state.checks).map((check) => [target(check.spec), check]));
  const checks: Record<string, CheckState> = {};
  for (const spec of specs) {
    const same = state.checks[spec.id];
    const before = known.get(target(spec));
    checks[spec.id] = same ?? {
      spec,
      verdict: before?.verdict ?? adopted[spec.id] ?? 'unknown',
      reason: before?.reason ?? '',
      against: 0,
      nextAt: now + spread(spec.id, Math.min(spec.interval, START_SPREAD_MS)),
      asking: undefined,
    };
  }
  return { checks, attempts: state.attempts };
}

function judge(check: CheckState, ok: boolean, reason: string, now: number) {
  const { spec } = check;
  const verdict = ok ? 'up' : 'down';
  const agrees = check.verdict === verdict;
  const against = agrees ? 0 : check.against + 1;
  const turns = !agrees && (check.verdict === 'unknown' || against >= (ok ? spec.rise : spec.fall));
  const since = check.asking?.since ?? now;
  const doubtful = !ok && !agrees && !turns;
  const wait = doubtful ? Math.max(RECHECK_MIN_MS, spec.interval / 4) : spec.interval;
  const next: CheckState = {
    ...check,
    verdict: turns ? verdict : check.verdict,
    reason: turns ? reason : check.reason,
    against: turns ? 0 : against,
    // A slow answer does not bunch questions up: at least the shortest pause lies between answer and question.
    nextAt: Math.max(since + wait, now + RECHECK_MIN_MS),
    asking: undefined,
  };
  const effects: HealthEffect[] = turns ? [{ type: 'verdict', id: spec.id, was: check.verdict, verdict, reason }] : [];
  return { check: next, effects };
}

/** Questions whose asker never came back, then those that are due. */
function overdue(state: HealthState, now: number): Checked {
  let next = state;
  const effects: HealthEffect[] = [];
  for (const check of Object.values(state.checks)) {
    if (check.asking === undefined || now < lostAt(check.spec, check.asking.since)) continue;
    const judged = judge(check, false, 'no answer', now);
    next = withCheck(next, judged.check);
    effects.push(...judged.effects);
  }
  return ask(next, effects, now);
}

function ask(state: HealthState, before: readonly HealthEffect[], now: number): Checked {
  const all = Object.values(state.checks);
  const free = MAX_ASKING - all.filter((check) => check.asking !== undefined).length;
  const due = all.filter((check) => check.asking === undefined && check.nextAt <= now);
  if (free <= 0 || due.length === 0) return { state, effects: before };
  due.sort((left, right) => left.nextAt - right.nextAt);

  let attempts = state.attempts;
  const checks = { ...state.checks };
  const effects: HealthEffect[] = [...before];
  for (const check of due.slice(0, free)) {
    const { id, address, port, timeout } = check.spec;
    attempts += 1;
    checks[id] = { ...check, asking: { attempt: attempts, since: now } };
    effects.push({ type: 'connect', id, attempt: attempts, address, port, timeout });
  }
  return { state: { checks, attempts }, effects };
}

const withCheck = (state: HealthState, check: CheckState): HealthState => ({
  ...state,
  checks: { ...state.checks, [check.spec.id]: check },
});

/** A fixed offset in [0, `over`) for each id (FNV-1a): equal intervals do not fall on the same instant. */
function spread(id: string, over: number): number {
  let hash = 0x811c9dc5;
  for (const letter of id) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return over <= 0 ? 0 : hash % over;
}
