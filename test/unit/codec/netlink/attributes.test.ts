import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Attributes } from '../../../../src/codec/netlink/attributes.ts';
import { u16, u32, written } from '../arbitraries.ts';

test('every kind of attribute reads back as written, nested and padded', () => {
  const text = fc.string({ unit: fc.constantFrom(...'abcXYZ-:0'), maxLength: 40 });
  const raw = fc.uint8Array({ maxLength: 33 });
  const wide = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 255 }), u16, u16, u32, wide, text, raw, (u8, host, net, word, big, s, b) => {
      const bytes = written((writer) => {
        writer.attributeU8(1, u8);
        writer.attributeU16(2, host);
        writer.attributeU16be(3, net);
        writer.nest(9, () => {
          writer.attributeBytes(8, b);
          writer.attributeU32(4, word);
          writer.attributeString(6, s);
        });
        writer.attributeU64(5, big);
      });
      assert.equal(bytes.length % 4, 0);
      const read = new Attributes(bytes);
      assert.equal(read.u8(1), u8);
      assert.equal(read.u16(2), host);
      assert.equal(read.u16be(3), net);
      assert.equal(read.u64(5), big);
      const nest = read.nested(9)!;
      assert.equal(nest.u32(4), word);
      assert.equal(nest.string(6), s);
      assert.deepEqual(nest.bytes(8), b);
    }),
  );
});

test('a port goes out in network order', () => {
  assert.deepEqual([...written((writer) => writer.attributeU16be(4, 80))], [6, 0, 4, 0, 0, 80, 0, 0]);
});

test('what is absent is undefined, what is there twice is the last', () => {
  const read = new Attributes(
    written((writer) => {
      writer.attributeU32(1, 7);
      writer.attributeU32(1, 8);
    }),
  );
  assert.equal(read.u32(1), 8);
  assert.equal(read.u32(2), undefined);
  assert.equal(read.has(2), false);
  assert.equal(read.nested(2), undefined);
});

test('signed words keep their sign', () => {
  assert.equal(new Attributes(written((writer) => writer.attributeU32(1, 0xffff_fffe))).i32(1), -2);
});

test('a payload too short for its reader is refused', () => {
  const read = new Attributes(written((writer) => writer.attributeU16(1, 1)));
  assert.throws(() => read.u32(1), { code: 'bad-frame', message: /attribute 1 has 2 bytes where 4 are needed/ });
});

test('lengths that leave the range are refused', () => {
  for (const bytes of [
    [3, 0, 1, 0],
    [9, 0, 1, 0, 0, 0, 0, 0],
    [0, 0, 0, 0],
  ]) {
    assert.throws(() => new Attributes(Uint8Array.from(bytes)), { code: 'bad-frame' });
  }
});

test('an attribute longer than its 16-bit length can say is never written', () => {
  assert.throws(() => written((writer) => writer.attributeBytes(1, new Uint8Array(0x1_0000))), RangeError);
});
