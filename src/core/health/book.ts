import type { CheckState } from './types.ts';

/**
 * All checks of a document. A value like any other (a change makes a new book and leaves the old one as it was), in shelves,
 * so that with 10,000 checks a change copies some hundred entries and the earliest one is found by looking at the shelves.
 */
export interface Book {
  readonly shelves: readonly Shelf[];
  /** Where a check stands, by id. Never changed once made. */
  readonly index: ReadonlyMap<string, number>;
  /** Checks with a question under way. */
  readonly asking: number;
}

interface Shelf {
  readonly checks: readonly CheckState[];
  /** Earliest time a check that rests wants to be asked; infinity = none rests. */
  readonly due: number;
  /** Earliest time a question under way counts as lost; infinity = none. */
  readonly lost: number;
}

const SHELF = 64;

/** An answer later than its timeout by this much is not waited for: the asker itself is lost. */
export const ANSWER_GRACE_MS = 1000;

export const emptyBook: Book = { shelves: [], index: new Map(), asking: 0 };

export function makeBook(checks: readonly CheckState[]): Book {
  const shelves: Shelf[] = [];
  for (let at = 0; at < checks.length; at += SHELF) shelves.push(shelf(checks.slice(at, at + SHELF)));
  return {
    shelves,
    index: new Map(checks.map((check, at) => [check.spec.id, at])),
    asking: checks.filter((check) => check.asking !== undefined).length,
  };
}

export function checkIn(book: Book, id: string): CheckState | undefined {
  const at = book.index.get(id);
  return at === undefined ? undefined : book.shelves[Math.floor(at / SHELF)]?.checks[at % SHELF];
}

export const allChecks = (book: Book): readonly CheckState[] => book.shelves.flatMap((entry) => entry.checks);

/** The book with `check` in place of the one with the same id; a check it does not know changes nothing. */
export function put(book: Book, check: CheckState): Book {
  const at = book.index.get(check.spec.id);
  const old = at === undefined ? undefined : book.shelves[Math.floor(at / SHELF)];
  if (at === undefined || old === undefined) return book;
  const before = old.checks[at % SHELF];
  const difference = Number(check.asking !== undefined) - Number(before?.asking !== undefined);
  const changed = shelf(old.checks.with(at % SHELF, check));
  return { ...book, shelves: book.shelves.with(Math.floor(at / SHELF), changed), asking: book.asking + difference };
}

/** When the next resting check wants to be asked. */
export const dueAt = (book: Book): number => least(book.shelves, (entry) => entry.due);

/** When the next question under way counts as lost. */
export const lostAt = (book: Book): number => least(book.shelves, (entry) => entry.lost);

/** The resting check that has waited longest; undefined when none is due by `now`. */
export function longestDue(book: Book, now: number): CheckState | undefined {
  const due = dueAt(book);
  if (due > now) return undefined;
  return book.shelves
    .find((entry) => entry.due === due)
    ?.checks.find((check) => check.asking === undefined && check.nextAt === due);
}

/** Checks whose question counts as lost by `now`. */
export const lostChecks = (book: Book, now: number): readonly CheckState[] =>
  book.shelves
    .filter((entry) => entry.lost <= now)
    .flatMap((entry) => entry.checks.filter((check) => lost(check) <= now));

const lost = ({ asking, spec }: CheckState): number =>
  asking === undefined ? Number.POSITIVE_INFINITY : asking.since + spec.timeout + ANSWER_GRACE_MS;

function shelf(checks: readonly CheckState[]): Shelf {
  const resting = checks.filter((check) => check.asking === undefined);
  return { checks, due: least(resting, (check) => check.nextAt), lost: least(checks, lost) };
}

function least<T>(entries: readonly T[], of: (entry: T) => number): number {
  let found = Number.POSITIVE_INFINITY;
  for (const entry of entries) found = Math.min(found, of(entry));
  return found;
}
