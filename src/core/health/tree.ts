import type { CheckState } from './types.ts';

/**
 * Checks by their place, in a tree whose nodes know the earliest time in them: a value like any other (a change makes a new
 * tree and leaves the old one as it was), in which a change copies one node of each level and the earliest check is found
 * by going down once. 10,000 checks are four levels.
 */
export interface Tree {
  readonly root: Node;
  /** Levels of nodes above the leaves' checks, at least 1. */
  readonly levels: number;
}

interface Node {
  /** Of a leaf; empty above it. */
  readonly checks: readonly CheckState[];
  /** Of a node above the leaves; empty in one. */
  readonly nodes: readonly Node[];
  /** Earliest time a check that rests wants to be asked; infinity = none rests. */
  readonly due: number;
  /** Earliest time a question under way counts as lost; infinity = none is. */
  readonly lost: number;
}

/** Bits of a place that one level decides: 16 entries a node. */
const BITS = 4;
const WIDTH = 1 << BITS;
const NONE: readonly never[] = [];

/** An answer later than its timeout by this much is not waited for: the asker itself is lost. */
export const ANSWER_GRACE_MS = 1000;

export function makeTree(checks: readonly CheckState[]): Tree {
  let nodes = chunks(checks).map(leaf);
  let levels = 1;
  for (; nodes.length > 1; levels += 1) nodes = chunks(nodes).map(branch);
  return { root: nodes[0] ?? leaf([]), levels };
}

/** @param place as in the array that the tree was made of; one that it does not have is undefined */
export function treeAt({ root, levels }: Tree, place: number): CheckState | undefined {
  let node: Node | undefined = root;
  for (let level = levels - 1; level > 0; level -= 1) node = node?.nodes[(place >>> (BITS * level)) & (WIDTH - 1)];
  return node?.checks[place & (WIDTH - 1)];
}

/** The tree with `check` at a place that it has. */
export const treeWith = (tree: Tree, place: number, check: CheckState): Tree => ({
  root: withIn(tree.root, tree.levels - 1, place, check),
  levels: tree.levels,
});

export const treeChecks = ({ root }: Tree): readonly CheckState[] => checksOf(root, () => true);

/** The resting check that has waited longest; undefined when none rests. */
export function firstDue({ root }: Tree): CheckState | undefined {
  const { due } = root;
  let node: Node | undefined = root;
  while (node !== undefined && node.nodes.length > 0) node = node.nodes.find((below) => below.due === due);
  return node?.checks.find((check) => check.asking === undefined && check.nextAt === due);
}

/** Checks whose question counts as lost by `now`. */
export const lostBy = ({ root }: Tree, now: number): readonly CheckState[] =>
  root.lost > now ? [] : checksOf(root, ({ lost }) => lost <= now).filter((check) => lostAt(check) <= now);

function checksOf(node: Node, wanted: (node: Node) => boolean): readonly CheckState[] {
  if (!wanted(node)) return [];
  return node.nodes.length > 0 ? node.nodes.flatMap((below) => checksOf(below, wanted)) : node.checks;
}

function withIn(node: Node, level: number, place: number, check: CheckState): Node {
  const at = (place >>> (BITS * level)) & (WIDTH - 1);
  if (level === 0) {
    const checks = node.checks.slice();
    checks[at] = check;
    return leaf(checks);
  }
  const nodes = node.nodes.slice();
  nodes[at] = withIn(node.nodes[at]!, level - 1, place, check);
  return branch(nodes);
}

const lostAt = ({ asking, spec }: CheckState): number =>
  asking === undefined ? Number.POSITIVE_INFINITY : asking.since + spec.timeout + ANSWER_GRACE_MS;

function leaf(checks: readonly CheckState[]): Node {
  let due = Number.POSITIVE_INFINITY;
  let lost = Number.POSITIVE_INFINITY;
  for (const check of checks) {
    if (check.asking !== undefined) {
      const at = lostAt(check);
      if (at < lost) lost = at;
    } else if (check.nextAt < due) due = check.nextAt;
  }
  return { checks, nodes: NONE, due, lost };
}

function branch(nodes: readonly Node[]): Node {
  let due = Number.POSITIVE_INFINITY;
  let lost = Number.POSITIVE_INFINITY;
  for (const node of nodes) {
    if (node.due < due) due = node.due;
    if (node.lost < lost) lost = node.lost;
  }
  return { checks: NONE, nodes, due, lost };
}

function chunks<T>(entries: readonly T[]): T[][] {
  const cut: T[][] = [];
  for (let at = 0; at < entries.length; at += WIDTH) cut.push(entries.slice(at, at + WIDTH));
  return cut;
}
