import { allChecks, checkIn, dueAt, emptyBook, longestDue, lostAt, lostChecks, makeBook, put } from './book.ts';
import type { Checked, CheckSpec, CheckState, HealthEffect, HealthEvent, HealthState } from './types.ts';

/** Questions under way at once: more sockets would starve everything else this process does. */
export const MAX_ASKING = 64;
/** First questions of a new document are spread over this time. */
export const START_SPREAD_MS = 200;
/** Shortest time between two questions to one server. */
export const RECHECK_MIN_MS = 50;

export const initialHealth: HealthState = { book: emptyBook, attempts: 0 };

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
      const check = checkIn(state.book, event.id);
      if (check?.asking?.attempt !== event.attempt) return { state, effects: [] };
      const judged = judge(check, event.ok, event.reason, now);
      return ask(withCheck(state, judged.check), judged.effects, now);
    }
    case 'tick':
      return overdue(state, now);
  }
}

/** When `tick` is wanted, monotonic ms; infinity = nothing to ask. */
export const wakeAt = ({ book }: HealthState): number =>
  book.asking < MAX_ASKING ? Math.min(lostAt(book), dueAt(book)) : lostAt(book);

/** A server without a check, or with one that was never answered, counts as up. */
export const isUp = (state: HealthState, id: string | undefined): boolean =>
  id === undefined || checkIn(state.book, id)?.verdict !== 'down';

function replace(
  state: HealthState,
  specs: readonly CheckSpec[],
  adopted: Readonly<Record<string, 'up' | 'down'>>,
  now: number,
): HealthState {
  const target = (spec: CheckSpec): string => `${spec.address}:${spec.port}`;
  const known = new Map(allChecks(state.book).map((check) => [target(check.spec), check]));
  const checks = specs.map((spec): CheckState => {
    const before = known.get(target(spec));
    return (
      checkIn(state.book, spec.id) ?? {
        spec,
        verdict: before?.verdict ?? adopted[spec.id] ?? 'unknown',
        reason: before?.reason ?? '',
        against: 0,
        nextAt: now + spread(spec.id, Math.min(spec.interval, START_SPREAD_MS)),
        asking: undefined,
      }
    );
  });
  return { book: makeBook(checks), attempts: state.attempts };
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
  for (const check of lostChecks(state.book, now)) {
    const judged = judge(check, false, 'no answer', now);
    next = withCheck(next, judged.check);
    effects.push(...judged.effects);
  }
  return ask(next, effects, now);
}

function ask(state: HealthState, before: readonly HealthEffect[], now: number): Checked {
  let { book, attempts } = state;
  const effects: HealthEffect[] = [...before];
  while (book.asking < MAX_ASKING) {
    const check = longestDue(book, now);
    if (check === undefined) break;
    const { id, address, port, timeout } = check.spec;
    attempts += 1;
    book = put(book, { ...check, asking: { attempt: attempts, since: now } });
    effects.push({ type: 'connect', id, attempt: attempts, address, port, timeout });
  }
  return { state: { book, attempts }, effects };
}

const withCheck = (state: HealthState, check: CheckState): HealthState => ({ ...state, book: put(state.book, check) });

/** A fixed offset in [0, `over`) for each id (FNV-1a): equal intervals do not fall on the same instant. */
function spread(id: string, over: number): number {
  let hash = 0x811c9dc5;
  for (const letter of id) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return over <= 0 ? 0 : hash % over;
}
