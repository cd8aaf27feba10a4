import assert from 'node:assert/strict';
import { test } from 'node:test';
import { betweenFrames, Tape } from '../../../image/rack/cable/tape.ts';

const played = (tape: Tape): number[][] => {
  const frames: number[][] = [];
  for (let frame = tape.next(); frame !== undefined; frame = tape.next()) frames.push([...frame]);
  return frames;
};

test('a tape keeps whole frames, however the bytes come, and says them in their order', () => {
  const tape = new Tape();
  tape.hear(Uint8Array.of(9, 0));
  tape.record();
  // The rest of a frame that began before, two whole ones in three pieces, and one that does not end.
  for (const bytes of [
    [7, 8, 0, 1],
    [2, 0, 0, 3, 4],
    [5, 0, 6],
  ])
    tape.hear(Uint8Array.from(bytes));
  assert.equal(tape.stop(), 2);
  assert.equal(tape.playing, false);
  tape.play();
  assert.deepEqual(played(tape), [
    [1, 2, 0],
    [3, 4, 5, 0],
  ]);
  assert.equal(tape.playing, false);
});

test('a new recording forgets the old one, and one has its limit', () => {
  const tape = new Tape();
  tape.record();
  tape.hear(Uint8Array.from([0, ...Array.from({ length: 20_000 }, (_, i) => i % 2)]));
  assert.equal(tape.stop(), 5000);
  tape.record();
  tape.play();
  assert.deepEqual(played(tape), []);
});

test('the place for a frame is behind the end of another', () => {
  assert.equal(betweenFrames(Uint8Array.of(1, 0)), true);
  assert.equal(betweenFrames(Uint8Array.of(0, 1)), false);
  assert.equal(betweenFrames(new Uint8Array()), false);
});
