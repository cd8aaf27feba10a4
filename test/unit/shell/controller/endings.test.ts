import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ending } from '../../../../src/model/ending.ts';
import { createEndings, ENDINGS_MS } from '../../../../src/shell/controller/endings.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { Box } from './bench.ts';

const KILLED: Ending = { process: 'pair lane', at: 1_796_067_395_000, result: 'signal', status: 'KILL' };
const TEXT = 'the pair lane ended by itself at 19:36:35Z: killed by SIGKILL';

function looking() {
  const clock = new FakeClock();
  const waiting: Ending[] = [];
  const told: string[] = [];
  const endings = createEndings(() => waiting.splice(0), clock, { record: (_, text) => void told.push(text) });
  return { clock, waiting, told, endings };
}

test('what has ended is told once, each process apart', () => {
  const { waiting, told, endings } = looking();
  endings.look();
  assert.deepEqual(told, []);
  waiting.push(KILLED, { ...KILLED, process: 'controller' });
  endings.look();
  assert.deepEqual(told, [TEXT, TEXT.replace('pair lane', 'controller')]);
});

test('a lane that ends again and again is an event a minute, with the count', () => {
  const { clock, waiting, told, endings } = looking();
  for (let n = 0; n < 18; n += 1) {
    waiting.push(KILLED);
    endings.look();
    clock.advance(ENDINGS_MS / 10);
  }
  assert.equal(told.length, 2);
  assert.match(told[1]!, /^the pair lane ended by itself 9 times, the last time at /);
  endings.close();
  clock.advance(ENDINGS_MS);
  assert.equal(told.length, 2);
});

test('a controller tells it when it starts, and when a lane answers that was silent', async () => {
  const box = new Box();
  box.endings.push({ ...KILLED, process: 'controller' });
  const { controller } = await box.start();
  assert.deepEqual(box.events('process-ended'), [TEXT.replace('pair lane', 'controller')]);
  await new Promise(setImmediate);
  box.laneAnswer = () => undefined;
  box.clock.advance(ENDINGS_MS);
  await new Promise(setImmediate);
  box.endings.push(KILLED);
  box.laneAnswer = () => ({ ok: true, result: {} });
  box.clock.advance(2_000);
  await new Promise(setImmediate);
  box.clock.advance(ENDINGS_MS);
  assert.deepEqual(box.events('process-ended')[0], TEXT);
  controller.close();
});
