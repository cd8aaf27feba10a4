import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ipBytes, ipText, macText } from '../../../src/codec/ip.ts';
import { ip4 } from './arbitraries.ts';

test('addresses have the bytes of the wire', () => {
  assert.deepEqual(ipBytes('198.51.100.10'), Uint8Array.of(198, 51, 100, 10));
  assert.deepEqual([...ipBytes('2001:db8::1')!], [0x20, 1, 0x0d, 0xb8, ...new Array(11).fill(0), 1]);
  assert.equal(ipBytes('198.51.100.256'), undefined);
  assert.equal(ipBytes('eth0'), undefined);
});

test('text to bytes and back is the same address', () => {
  fc.assert(fc.property(ip4, (text) => assert.equal(ipText(ipBytes(text)!), text)));
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) =>
      assert.deepEqual(ipBytes(ipText(bytes)), bytes),
    ),
  );
});

test('another number of bytes is no address', () => {
  assert.throws(() => ipText(new Uint8Array(5)), RangeError);
});

test('hardware addresses read as the tools print them', () => {
  assert.equal(macText(Uint8Array.of(2, 0, 0, 0x0a, 0xbc, 0xff)), '02:00:00:0a:bc:ff');
});
