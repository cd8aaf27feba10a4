import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Beat } from '../../../../src/codec/beat.ts';
import { ROWS as BEATS, createBeatTimes, EVERY } from '../../../../src/shell/lane/beatTimes.ts';
import { createMarks, ROWS } from '../../../../src/shell/lane/marks.ts';

test('the ring keeps the newest marks in their order, whatever comes', () => {
  const marks = createMarks();
  for (let now = 1; now <= 3 * ROWS; now += 1) marks.put(now, 'probe', '', now);
  const found = marks.since(0);
  assert.equal(found.length, ROWS);
  assert.deepEqual([found[0]!.at, found.at(-1)!.at], [2 * ROWS + 1, 3 * ROWS]);
  assert.ok(found.every(({ at }, index) => index === 0 || at === found[index - 1]!.at + 1));
  assert.equal(marks.since(3 * ROWS - 9).length, 10);
});

test('marks that come close together are one with the worst value; another subject or a later time is another', () => {
  const marks = createMarks();
  marks.put(1000, 'gap', 'serial', 50, 1000);
  marks.put(1400, 'gap', 'public', 60, 1000);
  marks.put(1500, 'gap', 'serial', 90, 1000);
  marks.put(1900, 'gap', 'serial', 45, 1000);
  marks.put(2100, 'gap', 'serial', 41.126, 1000);
  assert.deepEqual(
    marks.since(0).map(({ at, subject, value, count }) => [at, subject, value, count]),
    [
      [1000, 'serial', 90, 3],
      [1400, 'public', 60, 1],
      [2100, 'serial', 41.13, 1],
    ],
  );
});

test('a flood of claims costs a few rows a second', () => {
  const marks = createMarks();
  marks.put(0, 'nic-down', 'public', 0);
  for (let now = 1; now < 60_000; now += 1) marks.put(now, 'claim', 'public', now, 200);
  assert.ok(marks.since(0).length <= 301);
  assert.equal(marks.since(0)[0]!.what, 'nic-down');
});

const beat = (sequence: number, more: Partial<Beat> = {}): Beat => ({
  version: 1,
  speaks: 1,
  pair: 1,
  from: 'a',
  boot: 'aa',
  sequence,
  term: 1,
  role: 'standby',
  publicUp: true,
  privateUp: true,
  ready: true,
  handingOver: false,
  prepared: 0,
  granted: 0,
  revision: 1,
  hearing: '',
  heard: { serial: 0, heartbeat: 0, public: 0, private: 0 },
  ...more,
});

test('sender and hearer keep the same beats: every 32nd, and those that say something new', () => {
  const [sent, heard] = [createBeatTimes(), createBeatTimes()];
  let before: Beat | undefined = beat(1);
  for (let sequence = 2; sequence <= 200; sequence += 1) {
    const next = beat(sequence, { prepared: sequence >= 77 ? 9 : 0, revision: sequence });
    sent.note(before, next, sequence * 20);
    heard.note(before, next, 5000 + sequence * 20);
    before = next;
  }
  const of = (times: typeof sent) => times.since(0, 1000).map(([sequence]) => sequence);
  assert.deepEqual(of(sent), [32, 64, 77, 96, 128, 160, 192]);
  assert.deepEqual(of(heard), of(sent));
  assert.deepEqual(sent.since(160 * 20, 1000).length, 2);
  assert.deepEqual(
    sent.since(0, 2).map(([sequence]) => sequence),
    [160, 192],
  );
  heard.clear();
  assert.deepEqual(heard.since(0, 10), []);
});

test('beat times are bounded', () => {
  const times = createBeatTimes();
  for (let count = 1; count <= 1000; count += 1) times.note(undefined, beat(count * EVERY), count);
  assert.equal(times.since(0, 10_000).length, BEATS);
});
