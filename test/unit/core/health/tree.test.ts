import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  ANSWER_GRACE_MS,
  firstDue,
  lostBy,
  makeTree,
  treeAt,
  treeChecks,
  treeWith,
} from '../../../../src/core/health/tree.ts';
import type { CheckState } from '../../../../src/core/health/types.ts';
import { checkOfServer } from './checks.ts';

const lostAt = ({ asking, spec }: CheckState): number | undefined =>
  asking && asking.since + spec.timeout + ANSWER_GRACE_MS;

const change = fc.record({
  place: fc.nat(299),
  now: fc.nat(5_000),
  asks: fc.boolean(),
});

test('a tree of checks answers as the plain list of them would, and a change leaves the tree before as it was', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.array(change, { maxLength: 60 }),
      fc.nat(9_000),
      (size, changes, at) => {
        let list: readonly CheckState[] = Array.from({ length: size }, (_, n) => checkOfServer(n, { nextAt: 7 * n }));
        let tree = makeTree(list);
        for (const { place, now, asks } of changes) {
          const old = list[place % size]!;
          const next: CheckState = asks
            ? { ...old, asking: { attempt: place, since: now } }
            : { ...old, asking: undefined, nextAt: now };
          const before = { tree, list };
          tree = treeWith(tree, place % size, next);
          list = list.with(place % size, next);
          assert.deepEqual(treeChecks(before.tree), before.list);
        }
        assert.deepEqual(treeChecks(tree), list);
        assert.deepEqual(treeAt(tree, at % size), list[at % size]);
        const resting = list.filter(({ asking }) => asking === undefined).map(({ nextAt }) => nextAt);
        assert.equal(firstDue(tree)?.nextAt, resting.length === 0 ? undefined : Math.min(...resting));
        assert.deepEqual(
          lostBy(tree, at),
          list.filter((check) => (lostAt(check) ?? Number.POSITIVE_INFINITY) <= at),
        );
      },
    ),
    { numRuns: 100 },
  );
});

test('a tree of nothing has nothing', () => {
  const tree = makeTree([]);
  assert.deepEqual(
    [treeChecks(tree), firstDue(tree), lostBy(tree, 1e9), treeAt(tree, 0)],
    [[], undefined, [], undefined],
  );
});
