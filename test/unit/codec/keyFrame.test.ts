import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FRAME_SIZE, openBeat } from '../../../src/codec/beatFrame.ts';
import {
  decodeKeyFrame,
  encodeKeyFrame,
  isKeyFrame,
  KEY_BODY_BYTES,
  KEY_RUN_BYTES,
} from '../../../src/codec/keyFrame.ts';
import { isPairingFrame } from '../../../src/codec/pairingFrame.ts';
import { record } from './arbitraries.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const frames = record({
  type: fc.constantFrom('offer' as const, 'answer' as const, 'key' as const),
  run: bytes(KEY_RUN_BYTES),
  body: bytes(KEY_BODY_BYTES),
});

test('every frame comes back as it was, is as long as a beat, and is neither beat nor pairing', () => {
  fc.assert(
    fc.property(frames, (frame) => {
      const wire = encodeKeyFrame(frame);
      assert.deepEqual(decodeKeyFrame(wire), frame);
      assert.deepEqual([wire.length, isPairingFrame(wire)], [FRAME_SIZE, false]);
      assert.deepEqual(openBeat(wire, { keys: [() => new Uint8Array(32)] }), { ok: false, reason: 'future-version' });
    }),
  );
});

test('anything else is none, and nothing makes it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 90 }), (wire) => {
      assert.equal(decodeKeyFrame(wire) === undefined, !(isKeyFrame(wire) && wire[1]! < 3));
    }),
  );
});
