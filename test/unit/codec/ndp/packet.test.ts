import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ipBytes } from '../../../../src/codec/ip.ts';
import {
  decodeNdp,
  encodeNdp,
  groupMac,
  isNdpProbe,
  type NdpPacket,
  ndpAnnouncement,
  ndpProbe,
  solicitedNode,
} from '../../../../src/codec/ndp/packet.ts';
import { mutated, record } from '../arbitraries.ts';

const mac = Uint8Array.of(2, 0, 0, 0, 0, 0x0a);
const float = ipBytes('2001:db8::10')!;
const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const hex = (packet: NdpPacket): string => Buffer.from(encodeNdp(packet)).toString('hex');

/** Sum of 16-bit words as RFC 1071 adds them; 0xffff over a packet with its pseudo-header is a right checksum. */
function sum(packet: Uint8Array): number {
  const message = packet.subarray(40);
  const pseudo = [...packet.subarray(8, 40), 0, 0, message.length >> 8, message.length & 0xff, 0, 0, 0, 58];
  const all = [...pseudo, ...message];
  let total = 0;
  for (let at = 0; at < all.length; at += 2) total += (all[at]! << 8) | all[at + 1]!;
  while (total > 0xffff) total = (total & 0xffff) + (total >> 16);
  return total;
}

const packets = fc
  .tuple(
    record({
      source: bytes(16),
      destination: bytes(16),
      target: bytes(16).map((target) => (target[0] === 0xff ? float : target)),
      mac: fc.option(bytes(6), { nil: undefined }),
    }),
    fc.constantFrom<NdpPacket['kind'][]>('solicitation', 'advertisement'),
    fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
  )
  .map(([part, kind, [router, solicited, override]]): NdpPacket => {
    const flags = kind === 'advertisement';
    return { ...part, kind, router: flags && router, solicited: flags && solicited, override: flags && override };
  });

test('every packet reads back as written, also behind padding, and its checksum is right', () => {
  fc.assert(
    fc.property(packets, fc.uint8Array({ maxLength: 20 }), (packet, padding) => {
      const written = encodeNdp(packet);
      assert.equal(sum(written), 0xffff);
      assert.deepEqual(decodeNdp(Uint8Array.of(...written, ...padding)), packet);
    }),
  );
});

test('a probe comes from nobody, to the solicited-node group, without a MAC (RFC 4862, 5.4.2)', () => {
  assert.equal(isNdpProbe(ndpProbe(float)), true);
  assert.equal(
    hex(ndpProbe(float)),
    '6000000000183aff' +
      '00000000000000000000000000000000' +
      'ff0200000000000000000001ff000010' +
      '87004ccf00000000' +
      '20010db8000000000000000000000010',
  );
  assert.deepEqual(groupMac(solicitedNode(float)), Uint8Array.of(0x33, 0x33, 0xff, 0, 0, 0x10));
});

test('an announcement tells all nodes, overrides, and keeps the router flag (RFC 4861, 7.2.6)', () => {
  assert.equal(
    hex(ndpAnnouncement(mac, float)),
    '6000000000203aff' +
      '20010db8000000000000000000000010' +
      'ff020000000000000000000000000001' +
      '88007903a0000000' +
      '20010db8000000000000000000000010' +
      '020102000000000a',
  );
  assert.equal(isNdpProbe(ndpAnnouncement(mac, float)), false);
  assert.deepEqual(groupMac(ndpAnnouncement(mac, float).destination), Uint8Array.of(0x33, 0x33, 0, 0, 0, 1));
});

test('what RFC 4861 7.1 has a node discard is nothing, whatever its bytes', () => {
  const seed = encodeNdp(ndpAnnouncement(mac, float));
  const but = (at: number, value: number): NdpPacket | undefined => {
    const other = seed.slice();
    other[at] = value;
    return decodeNdp(other);
  };
  for (const [at, value] of [
    [0, 0x40],
    [5, 0x30],
    [5, 0x10],
    [6, 17],
    [7, 254],
    [40, 134],
    [41, 1],
    [42, 0],
    [48, 0xff],
    [65, 0],
    [65, 2],
  ] as const) {
    assert.equal(but(at, value), undefined, `byte ${at}`);
  }
  for (let length = 0; length < seed.length; length += 1) assert.equal(decodeNdp(seed.subarray(0, length)), undefined);
  fc.assert(
    fc.property(mutated([seed, encodeNdp(ndpProbe(float))]), (any) => void decodeNdp(any)),
    { numRuns: 10_000 },
  );
});

test('addresses of another size are refused', () => {
  assert.throws(() => encodeNdp({ ...ndpProbe(float), source: new Uint8Array(4) }), RangeError);
});
