import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ipText } from '../../../../src/codec/ip.ts';
import { decodeAddress, writeDeleteAddress, writeNewAddress } from '../../../../src/codec/rtnetlink/address.ts';
import { name, only, record, u32, written } from '../arbitraries.ts';

const entry = fc.oneof(
  record({
    index: u32,
    address: fc.uint8Array({ minLength: 4, maxLength: 4 }),
    prefix: fc.integer({ min: 0, max: 32 }),
    label: fc.oneof(fc.constant(''), name),
    validSeconds: fc.option(fc.integer({ min: 1, max: 0xffff_fffe }), { nil: undefined }),
  }),
  record({
    index: u32,
    address: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    prefix: fc.integer({ min: 0, max: 128 }),
    label: fc.constant(''),
    validSeconds: fc.option(fc.integer({ min: 1, max: 0xffff_fffe }), { nil: undefined }),
  }),
);

test('an address reads back as written, with label and lifetime', () => {
  fc.assert(
    fc.property(entry, (wire) => {
      const read = decodeAddress(only(written((writer) => writeNewAddress(writer, 1, wire))))!;
      const { family, flags, ...rest } = read;
      assert.deepEqual(rest, { ...wire, address: ipText(wire.address) });
      assert.equal(family, wire.address.length === 4 ? 2 : 10);
      assert.equal(flags, wire.address.length === 4 ? 0 : 2, 'an IPv6 address skips duplicate address detection');
    }),
  );
});

test('a deletion names address and prefix, never a label: whatever it is called, it must go', () => {
  fc.assert(
    fc.property(entry, (wire) => {
      const read = decodeAddress(only(written((writer) => writeDeleteAddress(writer, 1, wire))))!;
      assert.equal(read.label, '');
      assert.deepEqual([read.address, read.prefix, read.index], [ipText(wire.address), wire.prefix, wire.index]);
    }),
  );
});
