import { firstDue, lostBy, makeTree, type Tree, treeAt, treeChecks, treeWith } from './tree.ts';
import type { CheckSpec, CheckState } from './types.ts';

/** All checks of a document: those that cost next to nothing while they wait, and those that cost memory. */
export interface Book {
  readonly light: Shelf;
  readonly heavy: Shelf;
}

interface Shelf {
  readonly tree: Tree;
  /** A check's place in the tree, by id. Never changed once made. */
  readonly places: ReadonlyMap<string, number>;
  /** Checks with a question under way. */
  readonly asking: number;
  /** Questions under way at once, at most. */
  readonly limit: number;
}

/**
 * Questions under way at once. Every dead server keeps one under way for its timeout, so that 10,000 of them with 3 s of
 * every 5 s keep 6,000; with fewer, the living would wait behind the dead. A question over TCP or ICMP costs a descriptor
 * and 4 KiB of the kernel at most: 8,192 are 32 MiB. Any other is a conversation of the runtime's, some with TLS and up to
 * 100 KiB: 512 are 50 MiB.
 */
export const MAX_ASKING = { light: 8192, heavy: 512 } as const;

const isLight = ({ question: { type } }: CheckSpec): boolean => type === 'tcp' || type === 'icmp';

export const emptyBook: Book = makeBook([]);

export function makeBook(checks: readonly CheckState[]): Book {
  return {
    light: makeShelf(
      checks.filter(({ spec }) => isLight(spec)),
      MAX_ASKING.light,
    ),
    heavy: makeShelf(
      checks.filter(({ spec }) => !isLight(spec)),
      MAX_ASKING.heavy,
    ),
  };
}

function makeShelf(checks: readonly CheckState[], limit: number): Shelf {
  return {
    tree: makeTree(checks),
    places: new Map(checks.map((check, place) => [check.spec.id, place])),
    asking: checks.filter((check) => check.asking !== undefined).length,
    limit,
  };
}

export const checkIn = ({ light, heavy }: Book, id: string): CheckState | undefined =>
  checkOn(light, id) ?? checkOn(heavy, id);

function checkOn(shelf: Shelf, id: string): CheckState | undefined {
  const place = shelf.places.get(id);
  return place === undefined ? undefined : treeAt(shelf.tree, place);
}

export const allChecks = ({ light, heavy }: Book): readonly CheckState[] => [
  ...treeChecks(light.tree),
  ...treeChecks(heavy.tree),
];

/** The book with `check` in place of the one with the same id; a check it does not know changes nothing. */
export function put(book: Book, check: CheckState): Book {
  return isLight(check.spec)
    ? { light: putOn(book.light, check), heavy: book.heavy }
    : { light: book.light, heavy: putOn(book.heavy, check) };
}

function putOn(shelf: Shelf, check: CheckState): Shelf {
  const place = shelf.places.get(check.spec.id);
  if (place === undefined) return shelf;
  const before = treeAt(shelf.tree, place);
  const difference = Number(check.asking !== undefined) - Number(before?.asking !== undefined);
  return { ...shelf, tree: treeWith(shelf.tree, place, check), asking: shelf.asking + difference };
}

/** When the next resting check that there is room for wants to be asked; infinity = none, or no room. */
export const dueAt = ({ light, heavy }: Book): number => Math.min(roomAt(light), roomAt(heavy));

const roomAt = ({ tree, asking, limit }: Shelf): number => (asking < limit ? tree.root.due : Number.POSITIVE_INFINITY);

/** When the next question under way counts as lost. */
export const lostAt = ({ light, heavy }: Book): number => Math.min(light.tree.root.lost, heavy.tree.root.lost);

/** Of the resting checks that there is room for, the one that has waited longest; undefined when none is due by `now`. */
export function longestDue(book: Book, now: number): CheckState | undefined {
  const { light, heavy } = book;
  if (dueAt(book) > now) return undefined;
  return firstDue((roomAt(light) <= roomAt(heavy) ? light : heavy).tree);
}

/** Checks whose question counts as lost by `now`. */
export const lostChecks = ({ light, heavy }: Book, now: number): readonly CheckState[] => [
  ...lostBy(light.tree, now),
  ...lostBy(heavy.tree, now),
];
