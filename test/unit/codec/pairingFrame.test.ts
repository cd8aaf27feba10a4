import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FRAME_SIZE, openBeat } from '../../../src/codec/beatFrame.ts';
import { decodePairing, encodePairing, isPairingFrame, PAYLOAD_BYTES } from '../../../src/codec/pairingFrame.ts';

const frames = fc.record(
  {
    type: fc.constantFrom('hello', 'answer', 'proof', 'refused', 'piece', 'want', 'done' as const),
    run: fc.uint8Array({ minLength: 8, maxLength: 8 }),
    index: fc.integer({ min: 0, max: 0xffff }),
    count: fc.integer({ min: 0, max: 0xffff }),
    payload: fc.uint8Array({ maxLength: PAYLOAD_BYTES }),
  },
  { noNullPrototype: true },
);

test('every frame comes back as it was, is as long as a beat, and is none', () => {
  fc.assert(
    fc.property(frames, (frame) => {
      const bytes = encodePairing(frame);
      assert.equal(bytes.length, FRAME_SIZE);
      assert.deepEqual(decodePairing(bytes), frame);
      assert.deepEqual(openBeat(bytes, { keys: [() => new Uint8Array(32)] }), { ok: false, reason: 'future-version' });
    }),
  );
});

test('one flipped bit is noticed', () => {
  fc.assert(
    fc.property(frames, fc.integer({ min: 0, max: FRAME_SIZE * 8 - 1 }), (frame, bit) => {
      const bytes = encodePairing(frame);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      assert.equal(decodePairing(bytes), undefined);
    }),
  );
});

test('what is no frame of pairing is left alone', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      if (!isPairingFrame(bytes)) assert.equal(decodePairing(bytes), undefined);
    }),
  );
});
