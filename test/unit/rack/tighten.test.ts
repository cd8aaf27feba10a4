import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST_DEADLINE, tighten } from '../../../image/rack/tighten.ts';

/** Lanes that wake as late as `late` has it, a look after the other, the last for ever; undefined = no answer. */
function pair(...late: readonly (number | undefined)[]) {
  const beats: number[] = [];
  let looks = 0;
  return {
    beats,
    lane: async (node: string) => {
      const index = node === 'a' ? looks++ : looks - 1;
      const lateMs = late[Math.min(index, late.length - 1)];
      return lateMs === undefined ? undefined : { lateMs: node === 'a' ? lateMs : 1 };
    },
    beat: async (deadline: number) => {
      beats.push(deadline);
    },
  };
}

/** However long this process stands still: hope that lasts, and none. */
const patient = { hopeMs: 60_000, lookMs: 0 };
const hopeless = { hopeMs: 0, lookMs: 0 };

test('boxes that wake in time get the shortest deadline', async () => {
  const rack = pair(500, 50, 7);
  assert.deepEqual(await tighten(rack, 150, patient), { deadline: 150, lateMs: 7 });
  assert.deepEqual(rack.beats, [150]);
});

test('one late look among good ones does not count as in time', async () => {
  const rack = pair(5, 5, 51, 5, 5, 6);
  assert.deepEqual(await tighten(rack, 150, patient), { deadline: 150, lateMs: 6 });
});

test('boxes that are later than a third of the shortest deadline get the next one', async () => {
  const rack = pair(80);
  assert.deepEqual(await tighten(rack, 150, hopeless), { deadline: 300, lateMs: 80 });
  assert.deepEqual(rack.beats, [300]);
});

test('boxes that are too late for all keep what they began with', async () => {
  const rack = pair(101);
  assert.deepEqual(await tighten(rack, 150, hopeless), { deadline: FIRST_DEADLINE, lateMs: 101 });
  assert.deepEqual(rack.beats, []);
});

test('a box that does not answer is not in time', async () => {
  const rack = pair(undefined);
  assert.deepEqual(await tighten(rack, 150, hopeless), { deadline: FIRST_DEADLINE, lateMs: Number.POSITIVE_INFINITY });
  assert.deepEqual(rack.beats, []);
});

test('what is wanted longer is not made shorter', async () => {
  const rack = pair(3);
  assert.deepEqual(await tighten(rack, 400, patient), { deadline: 400, lateMs: 3 });
  assert.deepEqual(rack.beats, [400]);
});
