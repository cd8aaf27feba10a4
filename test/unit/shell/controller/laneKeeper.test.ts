import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type Answer, MAX_ALARMS } from '../../../../src/model/control.ts';
import { TandemError } from '../../../../src/model/error.ts';
import type { Alarm } from '../../../../src/model/pair.ts';
import { createLaneKeeper, READY_MS } from '../../../../src/shell/controller/laneKeeper.ts';
import { FakeClock } from '../../../fakes/clock.ts';

test('the lane takes few alarms: it gets the worst, so that the panel shows what comes on top of thousands of dead servers', () => {
  const alarms: Alarm[] = Array.from({ length: 1000 }, (_, index) => ({
    code: 'server-down',
    subject: `web/s${index}`,
    text: 'refused',
  }));
  alarms.push({ code: 'service-down', subject: 'web', text: 'no server left' });
  const told: (readonly string[] | undefined)[] = [];
  const keeper = createLaneKeeper(
    {
      log: () => undefined,
      askLane: async (request) => {
        if (request.do === 'ready') told.push(request.alarms);
        return { ok: true, result: { role: 'active' } };
      },
    },
    new FakeClock(),
    () => true,
    () => alarms,
    () => null,
    () => {},
    () => {},
  );
  keeper.close();
  assert.equal(told[0]?.length, MAX_ALARMS);
  assert.deepEqual(told[0]?.slice(0, 3), ['service-down web', 'server-down web/s0', 'server-down web/s1']);
});

test('what the lane hears of the twin is passed on; a lane that does not answer, or does not say, says nothing of it', async () => {
  const answers: (Answer | undefined)[] = [
    { ok: true, result: { role: 'standby', twinHeard: true } },
    undefined,
    { ok: true, result: { role: 'standby' } },
    { ok: true, result: { role: 'standby', twinHeard: false } },
  ];
  const clock = new FakeClock();
  const heard: boolean[] = [];
  const keeper = createLaneKeeper(
    {
      log: () => undefined,
      askLane: async () => {
        const answer = answers.shift();
        if (answer === undefined) throw new TandemError('unreachable', 'no lane');
        return answer;
      },
    },
    clock,
    () => true,
    () => [],
    () => null,
    () => {},
    (word) => heard.push(word),
  );
  while (answers.length > 0) {
    clock.advance(READY_MS);
    await setImmediate();
  }
  keeper.close();
  assert.deepEqual(heard, [true, false]);
});
