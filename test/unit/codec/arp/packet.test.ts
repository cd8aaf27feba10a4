import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  arpAnnouncements,
  arpProbe,
  arpQuestion,
  decodeArp,
  encodeArp,
  isClaim,
} from '../../../../src/codec/arp/packet.ts';
import { ipBytes } from '../../../../src/codec/ip.ts';
import { mutated, record } from '../arbitraries.ts';

const mac = Uint8Array.of(2, 0, 0, 0, 0, 0x0a);
const float = ipBytes('198.51.100.10')!;
const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });

test('every packet reads back as written, also behind padding', () => {
  const packet = record({
    operation: fc.constantFrom<('request' | 'reply')[]>('request', 'reply'),
    senderMac: bytes(6),
    senderIp: bytes(4),
    targetMac: bytes(6),
    targetIp: bytes(4),
  });
  fc.assert(
    fc.property(packet, fc.uint8Array({ maxLength: 20 }), (value, padding) => {
      assert.deepEqual(decodeArp(Uint8Array.of(...encodeArp(value), ...padding)), value);
    }),
  );
});

test('a probe claims nothing: sender 0.0.0.0 (RFC 5227, 2.1.1)', () => {
  const probe = arpProbe(mac, float);
  assert.equal(isClaim(probe), false);
  assert.equal(
    Buffer.from(encodeArp(probe)).toString('hex'),
    '0001080006040001' + '02000000000a' + '00000000' + '000000000000' + 'c633640a',
  );
});

test('an announcement claims the address as a request and as a reply', () => {
  const [request, reply] = arpAnnouncements(mac, float);
  assert.deepEqual([request.operation, reply.operation], ['request', 'reply']);
  for (const packet of [request, reply]) {
    assert.equal(isClaim(packet), true);
    assert.deepEqual([packet.senderIp, packet.targetIp, packet.senderMac], [float, float, mac]);
  }
});

test('what is not ARP for IPv4 over Ethernet is nothing, whatever its bytes', () => {
  const seed = encodeArp(arpProbe(mac, float));
  assert.equal(decodeArp(seed.subarray(0, 27)), undefined);
  for (const at of [1, 3, 4, 5, 7]) {
    const other = seed.slice();
    other[at] = 9;
    assert.equal(decodeArp(other), undefined);
  }
  fc.assert(
    fc.property(mutated([seed]), (any) => void decodeArp(any)),
    { numRuns: 10_000 },
  );
});

test('addresses of another size are refused', () => {
  assert.throws(() => encodeArp(arpProbe(mac, new Uint8Array(16))), RangeError);
});

test('a question from the float tells where the float is (RFC 826)', () => {
  const question = arpQuestion(mac, float, ipBytes('198.51.100.1')!);
  assert.equal(isClaim(question), true);
  assert.equal(
    Buffer.from(encodeArp(question)).toString('hex'),
    '0001080006040001' + '02000000000a' + 'c633640a' + '000000000000' + 'c6336401',
  );
});
