import { canonical } from '../../model/document.ts';
import { allChecks, checkIn, dueAt, emptyBook, longestDue, lostAt, lostChecks, makeBook, put } from './book.ts';
import { ANSWER_GRACE_MS } from './tree.ts';
import {
  type Answer,
  type Checked,
  type CheckSpec,
  type CheckState,
  type HealthEffect,
  type HealthEvent,
  type HealthState,
  type Known,
  RECHECK_MIN_MS,
  type Word,
} from './types.ts';

/** First questions of a new document are spread over this time, and over more when there are more of them. */
export const START_SPREAD_MS = 200;
/** Questions of one move at most: after a stall thousands are due, and answers have to be heard between them. */
export const MAX_BURST = 64;
/** First questions in one ms at most, on average. */
const STARTS_PER_MS = 2;

export const initialHealth: HealthState = { book: emptyBook, attempts: 0 };

/**
 * One move of all checks. A verdict turns after `rise` good or `fall` bad answers in a row; a server that was never asked
 * turns on its first. After a first bad answer the next question comes sooner, after `retry`, so that `fall` is reached well
 * within `fall` intervals. An answer that proves nothing (`ok` null) and a question whose asker never came back hold the
 * verdict as it is: a fault of this box must not empty its table. Only a tick asks.
 * @param now monotonic ms
 */
export function step(state: HealthState, event: HealthEvent, now: number): Checked {
  switch (event.type) {
    case 'checks':
      return { state: replace(state, event.specs, event.adopted, event.known, now), effects: [] };
    case 'answer': {
      const check = checkIn(state.book, event.id);
      if (check?.asking?.attempt !== event.attempt) return { state, effects: [] };
      const judged = judge(check, event, now);
      return { state: withCheck(state, judged.check), effects: judged.effects };
    }
    case 'twin':
      return heed(state, event.words);
    case 'tick':
      return overdue(state, now);
  }
}

/** When `tick` is wanted, monotonic ms; infinity = nothing to ask. */
export const wakeAt = ({ book }: HealthState): number => Math.min(lostAt(book), dueAt(book));

/** A server without a check, or with one that was never answered, counts as up. */
export const isUp = (state: HealthState, id: string | undefined): boolean =>
  id === undefined || checkIn(state.book, id)?.verdict !== 'down';

/** Percent of its weight that a server asks for, 0 to 100; all of it when no check says otherwise. */
export const shareOf = (state: HealthState, id: string | undefined): number =>
  id === undefined ? 100 : (checkIn(state.book, id)?.share ?? 100);

/** Intervals without an answer that proves something, after which the checker itself is at fault. */
export const STUCK_INTERVALS = 5;

/** Checks that have proven nothing for `STUCK_INTERVALS`: their verdicts are held, and nobody knows whether they are true. */
export const stuckChecks = ({ book }: HealthState, now: number): number =>
  allChecks(book).filter((check) => isStuck(check, now)).length;

export const isStuck = ({ spec, provenAt }: CheckState, now: number): boolean =>
  now - provenAt > STUCK_INTERVALS * spec.interval + spec.timeout + ANSWER_GRACE_MS;

function replace(
  state: HealthState,
  specs: readonly CheckSpec[],
  adopted: Readonly<Record<string, 'up' | 'down'>>,
  known: ReadonlyMap<string, Known> | undefined,
  now: number,
): HealthState {
  const target = (spec: CheckSpec): string => `${spec.address}:${spec.port}`;
  const standing = new Map<string, CheckState>();
  for (const check of allChecks(state.book)) {
    standing.set(target(check.spec), check);
    standing.set(question(check.spec), check);
  }
  const over = Math.max(START_SPREAD_MS, specs.length / STARTS_PER_MS);
  const checks = specs.map((spec): CheckState => {
    const same = checkIn(state.book, spec.id);
    if (same !== undefined) return same;
    const asked = standing.get(question(spec));
    const before = asked ?? standing.get(target(spec));
    const kept = before === undefined ? known?.get(spec.id) : undefined;
    return {
      spec,
      verdict: before?.verdict ?? kept?.verdict ?? adopted[spec.id] ?? 'unknown',
      reason: before?.reason ?? kept?.reason ?? '',
      against: 0,
      share: before?.spec.question.type === spec.question.type ? before.share : (kept?.share ?? 100),
      warning: kept?.warning ?? '',
      risenAt: before?.risenAt ?? kept?.risenAt,
      // An answer to another question carries the verdict over, and proves nothing of this one.
      provenSince: asked?.provenSince ?? (kept === undefined ? undefined : LONG_SINCE),
      provenAt: now,
      nextAt: now + spread(spec.id, Math.min(spec.interval, over)),
      asking: undefined,
    };
  });
  return { book: makeBook(checks), attempts: state.attempts };
}

/** Of a verdict whose proof began in a process before this one. */
const LONG_SINCE = Number.NEGATIVE_INFINITY;

/**
 * The twin's verdicts stand in for those that this box has not proved itself, however it came by them. Of what it has proved
 * it takes one thing: that a server came back before it first looked, so that the slow start goes on.
 */
function heed(state: HealthState, words: ReadonlyMap<string, Word>): Checked {
  const effects: HealthEffect[] = [];
  let next = state;
  for (const [id, word] of words) {
    const check = checkIn(next.book, id);
    const heeded = check && takeOver(check, word);
    if (heeded === undefined) continue;
    next = withCheck(next, heeded);
    effects.push({ type: 'news', id });
  }
  return { state: next, effects };
}

/** The check as the twin's word makes it; undefined when that changes nothing. */
function takeOver(check: CheckState, { verdict, reason, risenAt }: Word): CheckState | undefined {
  const { provenSince } = check;
  if (verdict === 'unknown') return undefined;
  if (provenSince === undefined) {
    const same = check.verdict === verdict && check.reason === reason && check.risenAt === risenAt;
    return same ? undefined : { ...check, verdict, reason, risenAt, against: 0 };
  }
  const missed = check.risenAt === undefined && risenAt !== undefined && risenAt <= provenSince;
  return missed && verdict === 'up' && check.verdict === 'up' ? { ...check, risenAt } : undefined;
}

/** What is asked of whom, whatever the timing. */
const question = (spec: CheckSpec): string => `${spec.address}:${spec.port} ${canonical(spec.question)}`;

interface Judged {
  readonly check: CheckState;
  readonly effects: readonly HealthEffect[];
}

function judge(check: CheckState, answer: Answer, now: number): Judged {
  const { spec } = check;
  const { ok, reason } = answer;
  if (ok === null) return { check: rest(check, spec.interval, now), effects: [] };
  const verdict = ok ? 'up' : 'down';
  const agrees = check.verdict === verdict;
  const against = agrees ? 0 : check.against + 1;
  const turns = !agrees && (check.verdict === 'unknown' || against >= (ok ? spec.rise : spec.fall));
  const doubtful = !ok && !agrees && !turns;
  const next: CheckState = {
    ...rest(check, doubtful ? Math.max(RECHECK_MIN_MS, spec.retry) : spec.interval, now),
    verdict: turns ? verdict : check.verdict,
    reason: turns || (agrees && !ok) ? reason : check.reason,
    against: turns ? 0 : against,
    share: ok ? (answer.share ?? 100) : check.share,
    warning: ok ? (answer.warning ?? '') : check.warning,
    risenAt: turns && ok && check.verdict === 'down' ? now : check.risenAt,
    provenSince: check.provenSince ?? now,
    provenAt: now,
  };
  if (turns) return { check: next, effects: [{ type: 'verdict', id: spec.id, was: check.verdict, verdict, reason }] };
  const news = next.share !== check.share || next.warning !== check.warning || next.reason !== check.reason;
  return { check: next, effects: news ? [{ type: 'news', id: spec.id }] : [] };
}

/** Until the next question. A slow answer does not bunch questions up: the shortest pause lies between the two. */
const rest = (check: CheckState, wait: number, now: number): CheckState => ({
  ...check,
  nextAt: Math.max((check.asking?.since ?? now) + wait, now + RECHECK_MIN_MS),
  asking: undefined,
});

/** Questions whose asker never came back, then those that are due. */
function overdue(state: HealthState, now: number): Checked {
  let next = state;
  const effects: HealthEffect[] = [];
  for (const check of lostChecks(state.book, now)) {
    const judged = judge(check, { ok: null, reason: 'no answer' }, now);
    next = withCheck(next, judged.check);
    effects.push(...judged.effects);
  }
  return ask(next, effects, now);
}

function ask(state: HealthState, before: readonly HealthEffect[], now: number): Checked {
  let { book, attempts } = state;
  const effects: HealthEffect[] = [...before];
  for (let asked = 0; asked < MAX_BURST; asked += 1) {
    const check = longestDue(book, now);
    if (check === undefined) break;
    attempts += 1;
    book = put(book, { ...check, asking: { attempt: attempts, since: now } });
    effects.push({ type: 'probe', spec: check.spec, attempt: attempts, late: now - check.nextAt });
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
