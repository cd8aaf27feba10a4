import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSeeds } from './pool.ts';
import { runPlan, runSeed } from './run.ts';
import { SABOTAGES } from './sabotage.ts';
import { planKept, shrink } from './shrink.ts';

const RULE = 'no-lifetime';
const sabotage = SABOTAGES[RULE];

test('the lowest failing seed is the same by one thread and by three', async () => {
  const work = { first: 1, seeds: 120, without: RULE };
  const [one, three] = await Promise.all([runSeeds({ ...work, jobs: 1 }), runSeeds({ ...work, jobs: 3 })]);
  assert.notEqual(one.failed, undefined);
  assert.equal(three.failed, one.failed);
});

test('threads run every seed once and count what struck', async () => {
  const { tally, failed } = await runSeeds({ first: 1, seeds: 50, jobs: 2, without: undefined });
  assert.deepEqual([failed, tally.seeds, tally.simulated], [undefined, 50, 50 * 20_000]);
  const struck = Object.values(tally.faults).reduce((sum, times) => sum + times, 0);
  const expected = Array.from({ length: 50 }, (_, index) => runSeed({ seed: index + 1 }).faults.length);
  assert.equal(
    struck,
    expected.reduce((sum, faults) => sum + faults, 0),
  );
});

test('a failing schedule is shortened to faults none of which can be spared', async () => {
  const { failed: seed = 0 } = await runSeeds({ first: 1, seeds: 200, jobs: 1, without: RULE });
  const whole = runSeed({ seed, sabotage });
  const { kept, plan, outcome } = shrink({ seed, sabotage });
  assert.match(outcome.violation ?? '', /^lifetime/);
  assert.ok(kept.length < whole.faults.length, `${kept.length} of ${whole.faults.length}`);
  assert.deepEqual(plan, planKept(seed, kept));
  for (const spared of kept) {
    const less = kept.filter((place) => place !== spared);
    assert.doesNotMatch(violationOf(seed, less), /^lifetime/, `fault ${spared} was not needed`);
  }
});

function violationOf(seed: number, kept: readonly number[]): string {
  return runPlan(planKept(seed, kept), { seed, sabotage }).violation ?? '';
}
