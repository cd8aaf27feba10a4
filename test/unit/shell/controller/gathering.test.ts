import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGathering } from '../../../../src/shell/controller/gathering.ts';
import { FakeClock } from '../../../fakes/clock.ts';

test('news that come together are dealt with once, a moment after the first', () => {
  const clock = new FakeClock();
  const runs: number[] = [];
  const gathering = createGathering(clock, 5, () => runs.push(clock.now()));
  gathering.news();
  clock.advance(3);
  gathering.news();
  clock.advance(100);
  assert.deepEqual(runs, [1005]);
  gathering.news();
  clock.advance(100);
  assert.deepEqual(runs, [1005, 1108]);
});

test('news without end leave four fifths of the time to others', () => {
  const clock = new FakeClock();
  let worked = 0;
  const gathering = createGathering(clock, 5, () => {
    clock.advance(200);
    worked += 200;
  });
  const begun = clock.now();
  while (clock.now() - begun < 60_000) {
    gathering.news();
    clock.advance(10);
  }
  assert.ok(worked <= 0.2 * (clock.now() - begun) + 200, `${worked} ms of ${clock.now() - begun}`);
  assert.ok(worked >= 0.15 * (clock.now() - begun), `${worked} ms of ${clock.now() - begun}`);
});

test('work that fails is tried again with the next news, and none comes after the end', () => {
  const clock = new FakeClock();
  let runs = 0;
  const gathering = createGathering(clock, 5, () => {
    runs += 1;
    if (runs === 1) throw new RangeError('once');
  });
  gathering.news();
  assert.throws(() => clock.advance(10), /once/);
  gathering.news();
  clock.advance(10);
  gathering.news();
  gathering.close();
  clock.advance(10);
  assert.equal(runs, 2);
});
