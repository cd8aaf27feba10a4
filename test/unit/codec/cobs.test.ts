import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createCobsDecoder, encodeCobs } from '../../../src/codec/cobs.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');

test('stuffs as the paper does, between two delimiters', () => {
  assert.equal(hex(encodeCobs(bytes('00'))), '00010100');
  assert.equal(hex(encodeCobs(bytes('1122003 3'))), '000311220233 00'.replaceAll(' ', ''));
  assert.equal(hex(encodeCobs(bytes('11000000'))), '00021101010100');
  const run = Uint8Array.from({ length: 254 }, (_, index) => index + 1);
  assert.equal(hex(encodeCobs(run)), `00ff${hex(run)}00`);
  const longer = Uint8Array.from([...run, 0xff]);
  assert.equal(hex(encodeCobs(longer)), `00ff${hex(run)}02ff00`);
});

test('any frames, in any pieces, come out as they went in', () => {
  const frames = fc.array(fc.uint8Array({ minLength: 1, maxLength: 600 }), { maxLength: 6 });
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (sent, sizes) => {
      const stream = Buffer.concat(sent.map((frame) => encodeCobs(frame)));
      assert.equal(
        [...sent.map(encodeCobs)].every((frame) => frame.subarray(1, -1).every((byte) => byte !== 0)),
        true,
      );
      const decoder = createCobsDecoder(600);
      const received: string[] = [];
      for (let at = 0, turn = 0; at < stream.length; turn += 1) {
        const size = sizes[turn % sizes.length]!;
        received.push(...decoder.push(stream.subarray(at, at + size)).map(hex));
        at += size;
      }
      assert.deepEqual(received, sent.map(hex));
      assert.deepEqual(decoder.losses(), { oversized: 0, malformed: 0 });
    }),
  );
});

test('a frame after noise is not lost, and the noise is counted', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.uint8Array({ minLength: 1, maxLength: 80 }), (noise, frame) => {
      const decoder = createCobsDecoder(80);
      decoder.push(noise);
      const received = decoder.push(encodeCobs(frame));
      assert.equal(hex(received.at(-1)!), hex(frame));
    }),
  );
});

test('holds no more than one frame, and counts what is longer', () => {
  const decoder = createCobsDecoder(80);
  const endless = new Uint8Array(1 << 20).fill(7);
  assert.deepEqual(decoder.push(endless), []);
  const frame = new Uint8Array(80).fill(9);
  assert.deepEqual(decoder.push(encodeCobs(frame)).map(hex), [hex(frame)]);
  assert.deepEqual(decoder.push(encodeCobs(new Uint8Array(81).fill(9))), []);
  assert.deepEqual(decoder.push(bytes('00 05 11 00')), []);
  assert.deepEqual(decoder.losses(), { oversized: 2, malformed: 1 });
});

test('what it returns stays when the next bytes arrive', () => {
  const decoder = createCobsDecoder(80);
  const [first] = decoder.push(encodeCobs(bytes('010203')));
  decoder.push(encodeCobs(bytes('999999')));
  assert.equal(hex(first!), '010203');
});
