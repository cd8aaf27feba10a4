import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seeded } from '../../../image/rack/cable/chance.ts';
import { Line } from '../../../image/rack/cable/line.ts';

const BAUD = 115_200;
const BYTE_MS = (10 * 1000) / BAUD;

test('a frame is through when its last stop bit is, and not before', () => {
  const line = new Line(BAUD, 4096);
  assert.equal(line.push(new Uint8Array(72).fill(7), 1000), 72);
  const end = 1000 + 72 * BYTE_MS;
  assert.ok(Math.abs(line.doneAt()! - end) < 1e-9);
  assert.equal(line.due(end - BYTE_MS / 2).length, 71);
  assert.equal(line.due(end).length, 1);
  assert.equal(line.doneAt(), undefined);
});

test('time on an idle wire is not saved up', () => {
  const line = new Line(BAUD, 4096);
  line.push(Uint8Array.of(1), 0);
  line.due(1);
  line.push(Uint8Array.of(2, 3), 5000);
  assert.equal(line.due(5000 + BYTE_MS * 0.9).length, 0);
  assert.deepEqual([...line.due(5000 + BYTE_MS * 2)], [2, 3]);
});

test('what does not fit is left to the sender', () => {
  const line = new Line(BAUD, 10);
  assert.equal(line.push(new Uint8Array(8), 0), 8);
  assert.equal(line.push(new Uint8Array(8), 0), 2);
  assert.equal(line.room, 0);
  line.due(BYTE_MS * 3);
  assert.equal(line.room, 3);
});

test('every byte arrives once, in order, never faster than the wire', () => {
  const step = fc.record({
    wait: fc.double({ min: 0, max: 20, noNaN: true }),
    bytes: fc.uint8Array({ maxLength: 300 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const line = new Line(BAUD, 512);
      const sent: number[] = [];
      const got: number[] = [];
      let now = 0;
      for (const { wait, bytes } of steps) {
        now += wait;
        got.push(...line.due(now));
        sent.push(...bytes.subarray(0, line.push(bytes, now)));
        assert.ok(got.length <= now / BYTE_MS + 1e-3);
      }
      got.push(...line.due(now + 512 * BYTE_MS + 1));
      assert.deepEqual(got, sent);
    }),
  );
});

test('a pulled cable swallows at the same pace, and a plugged one carries again', () => {
  const line = new Line(BAUD, 4096);
  line.pull(true);
  line.push(new Uint8Array(100), 0);
  assert.equal(line.due(100).length, 0);
  assert.equal(line.carried.pulled, 100);
  line.pull(false);
  line.push(Uint8Array.of(9), 100);
  assert.deepEqual([...line.due(101)], [9]);
});

test('noise hits about its rate, half lost and half flipped by one bit, the same for the same seed', () => {
  const hear = (seed: number) => {
    const line = new Line(BAUD, 20_000);
    line.noise(0.1, seeded(seed));
    line.push(new Uint8Array(20_000), 0);
    return { bytes: line.due(1e6), carried: line.carried };
  };
  const { bytes, carried } = hear(1);
  assert.ok(carried.lost > 800 && carried.lost < 1200, `${carried.lost} lost`);
  assert.ok(carried.flipped > 800 && carried.flipped < 1200, `${carried.flipped} flipped`);
  assert.equal(bytes.length, 20_000 - carried.lost);
  const damaged = bytes.filter((byte) => byte !== 0);
  assert.equal(damaged.length, carried.flipped);
  assert.ok(damaged.every((byte) => (byte & (byte - 1)) === 0));
  assert.deepEqual(hear(1).bytes, bytes);
  assert.notDeepEqual(hear(2).bytes, bytes);
});
