import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HandOverPlan, LaneRequest } from '../../../../src/model/control.ts';
import { TandemError } from '../../../../src/model/error.ts';
import { rackText } from '../../../fakes/rackDocument.ts';
import { Box, join, type Running } from './bench.ts';

/** A lane that would hand over. */
const willing = (request: LaneRequest) =>
  request.do === 'hand-over-plan'
    ? ({ ok: true, result: { refusal: null, steps: ['a drops both floats', 'b takes them'] } } as const)
    : ({ ok: true, result: { text: 'b owns the floats' } } as const);

async function pair(): Promise<{ a: Box; b: Box; one: Running; two: Running }> {
  const [a, b] = [new Box('a'), new Box('b')];
  for (const box of [a, b]) box.laneAnswer = willing;
  const [one, two] = [await a.start(rackText()), await b.start(rackText())];
  join(a.channel, b.channel, true);
  return { a, b, one, two };
}

const asked = ({ laneAsked }: Box): number => laneAsked.filter((request) => request.do === 'hand-over').length;

async function refusalOf(answer: Promise<unknown>): Promise<{ message: string; remedy: string; forcible: boolean }> {
  try {
    await answer;
  } catch (error) {
    if (error instanceof TandemError) {
      const { message, remedy = '', forcible } = error;
      return { message, remedy, forcible };
    }
    throw error;
  }
  throw new Error('it was not refused');
}

test('a hand-over to a twin that holds the same goes through, and its plan says what both hold', async () => {
  const { a, one } = await pair();
  const plan = (await one.ask({ do: 'hand-over-plan' })) as HandOverPlan;
  assert.equal(plan.refusal, null);
  assert.deepEqual(
    plan.facts?.map((line) => line.slice(0, 2)),
    ['a:', 'b:'],
  );
  assert.deepEqual(await one.ask({ do: 'hand-over' }), { text: 'b owns the floats' });
  assert.equal(asked(a), 1);
});

test('without word from the twin’s controller it is refused, and nothing is asked of the lane; force goes past that', async () => {
  const { a, b, one } = await pair();
  join(a.channel, b.channel, false);
  const { message, remedy, forcible } = await refusalOf(one.ask({ do: 'hand-over' }));
  assert.match(message, /^the controller of b does not say what it holds: /);
  assert.match(message, /; whether clients would lose by it is not known$/);
  assert.match(remedy, /systemctl status tandem-controller` on b; .* needs `tandem hand-over --force`/);
  assert.equal(asked(a), 0);
  const plan = (await one.ask({ do: 'hand-over-plan' })) as HandOverPlan;
  assert.equal(plan.refusal, message);
  assert.equal(plan.remedy, remedy);
  assert.deepEqual([forcible, plan.forcible], [true, true]);
  assert.deepEqual(plan.steps, []);
  await one.ask({ do: 'hand-over', force: true });
  assert.equal(asked(a), 1);
});

test('what the lane refuses is refused in its words, forced or not', async () => {
  const { a, one } = await pair();
  const text = 'b is held by an operator';
  a.laneAnswer = (request) =>
    request.do === 'hand-over-plan'
      ? { ok: true, result: { refusal: text, steps: [] } }
      : { ok: false, error: { code: 'refused', message: text } };
  for (const force of [false, true]) {
    const { message, forcible } = await refusalOf(one.ask({ do: 'hand-over', force }));
    assert.deepEqual([message, forcible], [text, false]);
  }
  const plan = (await one.ask({ do: 'hand-over-plan' })) as HandOverPlan;
  assert.deepEqual([plan.refusal, plan.forcible], [text, undefined]);
});

test('a twin whose kernel does not hold its document is refused', async () => {
  const { b, one, two } = await pair();
  b.kernel.ipvs.read = () => {
    throw new TandemError('kernel-refused', 'EPERM');
  };
  two.controller.reconciler.want(two.controller.desiredFor(two.controller.active()!), 'operator');
  const { message } = await refusalOf(one.ask({ do: 'hand-over' }));
  assert.equal(message, 'the kernel of b does not hold its document');
});

test('a twin of a release that does not know the question is handed the floats all the same: an upgrade needs it', async () => {
  const { a, one } = await pair();
  a.channel.ask = async () => {
    throw new TandemError('bad-request', 'the twin does not know this question');
  };
  const plan = (await one.ask({ do: 'hand-over-plan' })) as HandOverPlan;
  assert.deepEqual([plan.refusal, plan.facts?.at(-1)], [null, 'b: an older release']);
  await one.ask({ do: 'hand-over' });
  assert.equal(asked(a), 1);
});
