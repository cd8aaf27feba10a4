import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer, LaneRequest } from '../../../../src/model/control.ts';
import { TandemError } from '../../../../src/model/error.ts';
import type { TwinFacts } from '../../../../src/model/twin.ts';
import { createTwinJudge, JUDGE_MS, TELL_MS } from '../../../../src/shell/controller/twinJudge.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { rackText } from '../../../fakes/rackDocument.ts';
import { Box, join } from './bench.ts';

const facts = (node: 'a' | 'b', connections: number): TwinFacts => ({
  node,
  revision: 1,
  digest: 'd1',
  holds: true,
  services: [],
  connections,
  syncMs: 60_000,
});

function bench(preferred: 'a' | 'b' | 'nobody' = 'b') {
  const clock = new FakeClock();
  const said: string[] = [];
  const twin = { owns: true, asked: 0, answer: async (): Promise<unknown> => facts('b', 100) };
  const judge = createTwinJudge({
    clock,
    channel: {
      ask: async () => {
        twin.asked += 1;
        return twin.answer();
      },
    },
    own: () => facts('a', 100),
    owns: () => twin.owns,
    preferred: () => (preferred === 'nobody' ? undefined : preferred),
    log: (line) => said.push(line),
  });
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 1000) {
      clock.advance(1000);
      await new Promise((done) => setImmediate(done));
    }
  };
  return { clock, judge, twin, said, pass };
}

test('an owner asks its twin every few seconds; who does not own asks nobody and judges nothing', async () => {
  const { judge, twin, pass } = bench();
  assert.equal(judge.against(), undefined);
  await pass(1000);
  assert.equal(judge.against(), null);
  await pass(4 * JUDGE_MS);
  assert.equal(twin.asked, 5);
  twin.owns = false;
  await pass(1000);
  assert.equal(judge.against(), undefined);
  await pass(3 * JUDGE_MS);
  assert.equal(twin.asked, 5);
});

test('what clients would lose is said in the words of a hand-over’s refusal; a twin that does not say is one', async () => {
  const { judge, twin, pass } = bench();
  twin.answer = async () => facts('b', 3);
  await pass(1000);
  assert.equal(judge.against(), 'b knows 3 of 100 connections: the others would end');
  twin.answer = async () => {
    throw new TandemError('unreachable', 'there is no channel');
  };
  await pass(JUDGE_MS);
  assert.match(judge.against() ?? '', /^the controller of b does not say what it holds: there is no channel/);
});

test('a twin that takes long to answer is asked once, and an answer that comes after the floats have gone is no word', async () => {
  const { judge, twin, pass } = bench();
  let answer: (facts: unknown) => void = () => {};
  twin.answer = () =>
    new Promise((done) => {
      answer = done;
    });
  await pass(3 * JUDGE_MS);
  assert.equal(twin.asked, 1);
  twin.owns = false;
  answer(facts('b', 100));
  await pass(1000);
  assert.equal(judge.against(), undefined);
});

test('the journal has what the return waits for, once for each reason, and nothing where no return is wanted', async () => {
  const { twin, said, pass } = bench();
  await pass(2 * JUDGE_MS);
  assert.deepEqual(said, []);
  twin.answer = async () => facts('b', twin.asked % 10);
  await pass(TELL_MS + 4 * JUDGE_MS);
  assert.equal(said.length, 1, said.join('\n'));
  assert.match(said[0]!, /^the floats return to b not yet: b knows \d of 100 connections/);
  twin.answer = async () => facts('b', 100);
  await pass(JUDGE_MS);
  assert.equal(said[1], 'the floats return to b once it has been fit for long enough');
  for (const preferred of ['nobody', 'a'] as const) {
    const other = bench(preferred);
    other.twin.answer = async () => facts('b', 3);
    await other.pass(JUDGE_MS);
    assert.deepEqual(other.said, []);
  }
});

test('the lane is told with the word it gets each second: by an owner what it has judged, by a standby nothing', async () => {
  const [a, b] = [new Box('a'), new Box('b')];
  const role =
    (is: string) =>
    (request: LaneRequest): Answer => ({
      ok: true,
      result: request.do === 'ready' ? { role: is } : {},
    });
  a.laneAnswer = role('active');
  b.laneAnswer = role('standby');
  await a.start(rackText());
  await b.start(rackText());
  join(a.channel, b.channel, true);
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      a.clock.advance(1000);
      b.clock.advance(1000);
      for (let i = 0; i < 5; i += 1) await new Promise((done) => setImmediate(done));
    }
  };
  const words = ({ laneAsked }: Box) =>
    laneAsked.splice(0).flatMap((request) => (request.do === 'ready' ? [request.against] : []));
  await pass(5);
  assert.equal(words(a).at(-1), null);
  assert.deepEqual([...new Set(words(b))], [undefined]);
  join(a.channel, b.channel, false);
  await pass(JUDGE_MS / 1000 + 1);
  assert.match(words(a).at(-1) ?? '', /^the controller of b does not say what it holds/);
});
