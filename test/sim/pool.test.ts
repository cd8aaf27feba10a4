import assert from 'node:assert/strict';
import { test } from 'node:test';
import { END, MENDED, MOVE, PEACE } from './plan.ts';
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
  const alone = Array.from({ length: 50 }, (_, index) => runSeed({ seed: index + 1 }));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const simulated = sum(alone.map((outcome) => outcome.simulated));
  assert.deepEqual([failed, tally.seeds, tally.simulated], [undefined, 50, simulated]);
  assert.equal(sum(Object.values(tally.faults)), sum(alone.map(({ faults }) => faults.length)));
});

test('a run ends once the pair has been whole for a while, and goes on until then', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { simulated, violation } = runSeed({ seed });
    assert.equal(violation, undefined);
    assert.ok(simulated >= MENDED + PEACE && simulated <= END + MOVE, `seed ${seed}: ${simulated} ms`);
  }
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
