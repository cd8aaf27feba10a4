import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checksum, decodeIcmp, encodeEcho } from '../../../src/codec/icmp.ts';

const word = fc.integer({ min: 0, max: 65_535 });

/** An IPv4 header of 20 bytes for ICMP, as far as it is looked at, and what follows. */
function packet(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(20 + payload.length);
  bytes[0] = 0x45;
  bytes[9] = 1;
  bytes.set(payload, 20);
  return bytes;
}

/** The echo with another type, its checksum right. */
function typed(type: number, bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy[0] = type;
  copy.set([0, 0], 2);
  const sum = checksum(copy);
  copy.set([sum >>> 8, sum & 0xff], 2);
  return copy;
}

function unreachable(inner: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + inner.length);
  bytes.set(inner, 8);
  return typed(3, bytes);
}

test('RFC 1071: the example of its section 3', () => {
  assert.equal(checksum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7)), ~0xddf2 & 0xffff);
});

test('a reply and an unreachable bring back the numbers of the request', () => {
  fc.assert(
    fc.property(word, word, (id, sequence) => {
      const echo = encodeEcho({ id, sequence });
      assert.deepEqual(decodeIcmp(packet(typed(0, echo))), { type: 'reply', id, sequence });
      assert.deepEqual(decodeIcmp(packet(unreachable(packet(echo)))), { type: 'unreachable', id, sequence });
      assert.equal(decodeIcmp(packet(echo)), undefined, 'a request is no news');
    }),
  );
});

test('a flipped bit is noticed, and no garbage throws', () => {
  fc.assert(
    fc.property(word, fc.integer({ min: 0, max: 159 }), (sequence, bit) => {
      const reply = typed(0, encodeEcho({ id: 1, sequence }));
      reply[bit >>> 3]! ^= 1 << (bit & 7);
      assert.equal(decodeIcmp(packet(reply)), undefined);
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void decodeIcmp(bytes)));
});
