import type { NodeId } from '../../model/pair.ts';
import type { ServerUse, Stamp } from '../../model/twin.ts';

/** Of two nodes that say a thing with the same number, `a` wins; a maker who is not known comes last. */
const rank = (node: NodeId | ''): number => (node === 'a' ? 2 : node === 'b' ? 1 : 0);

/** Two boxes that hold the same document under the same number hold the same, whoever made it. */
export const same = (x: Stamp | undefined, y: Stamp | undefined): boolean =>
  x?.number === y?.number && x?.digest === y?.digest;

/**
 * Whether `x` comes after `y`: by number, and of equal ones an applied document after what a box was set up with, then
 * `a` after `b`. The digest decides only between what a box said twice, after its disk was replaced. Never by clock.
 */
export function newer(x: Stamp | undefined, y: Stamp | undefined): boolean {
  if (x === undefined || same(x, y)) return false;
  if (y === undefined) return true;
  if (x.number !== y.number) return x.number > y.number;
  if (x.seed !== y.seed) return y.seed;
  if (x.node !== y.node) return rank(x.node) > rank(y.node);
  return x.digest > y.digest;
}

/** The stamp of a revision that `node` makes now. `seen`: the highest number that it has heard of. */
export function successor(
  base: Stamp | undefined,
  seen: number,
  node: NodeId,
  made: Pick<Stamp, 'digest' | 'seed'>,
): Stamp {
  const number = Math.max(seen, base?.number ?? 0) + 1;
  const before = base?.lineage ?? { a: 0, b: 0 };
  return { ...made, number, node, lineage: { ...before, [node]: number } };
}

/** Whether `winner` was made without knowledge of `loser`: both boxes were changed while apart. */
export function diverged(loser: Stamp | undefined, winner: Stamp | undefined): boolean {
  if (loser === undefined || winner === undefined || loser.node === '' || loser.seed) return false;
  return loser.digest !== winner.digest && newer(winner, loser) && winner.lineage[loser.node] < loser.number;
}

type Said = Pick<ServerUse, 'counter' | 'node'>;

export const sameUse = (x: Said | undefined, y: Said | undefined): boolean =>
  x?.counter === y?.counter && x?.node === y?.node;

/** The last word by counter; of equal ones `a`'s. */
export function newerUse(x: Said, y: Said | undefined): boolean {
  if (y === undefined) return true;
  return x.counter === y.counter ? rank(x.node) > rank(y.node) : x.counter > y.counter;
}
