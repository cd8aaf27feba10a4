import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerFilter, claimFilter } from '../../../../src/codec/arp/filter.ts';
import {
  type ArpPacket,
  arpAnnouncements,
  arpProbe,
  arpQuestion,
  encodeArp,
} from '../../../../src/codec/arp/packet.ts';
import { ipBytes } from '../../../../src/codec/ip.ts';
import { run } from '../bpf.ts';

const own = Uint8Array.of(2, 0, 0, 0, 0, 0x0a);
const float = ipBytes('198.51.100.10')!;

const passes = (packet: ArpPacket, etherType = 0x0806): boolean =>
  run(claimFilter(own, float), encodeArp(packet), etherType) > 0;

test('another machine’s claims and probes pass', () => {
  for (const other of [Uint8Array.of(2, 0, 0, 0, 0, 0x0b), Uint8Array.of(3, 0, 0, 0, 0, 0x0a)]) {
    for (const packet of [...arpAnnouncements(other, float), arpProbe(other, float)])
      assert.equal(passes(packet), true);
  }
});

test('questions for the float, and claims and probes for other addresses, stay in the kernel', () => {
  const other = Uint8Array.of(2, 0, 0, 0, 0, 0x0b);
  const elsewhere = ipBytes('198.51.100.77')!;
  for (const packet of [...arpAnnouncements(other, elsewhere), arpProbe(other, elsewhere)])
    assert.equal(passes(packet), false);
  assert.equal(passes({ ...arpProbe(other, float), senderIp: elsewhere }), false);
});

test('our own packets, other protocols and stumps stay in the kernel', () => {
  const other = Uint8Array.of(2, 0, 0, 0, 0, 0x0b);
  for (const packet of arpAnnouncements(own, float)) assert.equal(passes(packet), false);
  assert.equal(passes(arpProbe(own, float)), false);
  assert.equal(passes(arpAnnouncements(other, float)[0], 0x0800), false);
  for (const packet of [arpProbe(other, float), arpAnnouncements(other, float)[0]]) {
    const whole = encodeArp(packet);
    assert.equal(run(claimFilter(own, float), whole, 0x0806), whole.length);
    for (let length = 0; length < whole.length; length++)
      assert.equal(run(claimFilter(own, float), whole.subarray(0, length), 0x0806), 0);
  }
});

const server = ipBytes('198.51.100.1')!;
const answer: ArpPacket = {
  operation: 'reply',
  senderMac: Uint8Array.of(2, 0, 0, 0, 0, 0x77),
  senderIp: server,
  targetMac: own,
  targetIp: float,
};
const answers = (packet: ArpPacket, etherType = 0x0806): boolean =>
  run(answerFilter(own, float), encodeArp(packet), etherType) > 0;

test('a reply to the float at our MAC passes, whole', () => {
  assert.equal(run(answerFilter(own, float), encodeArp(answer), 0x0806), encodeArp(answer).length);
  for (let length = 0; length < 28; length += 1)
    assert.equal(run(answerFilter(own, float), encodeArp(answer).subarray(0, length), 0x0806), 0);
});

test('replies to another address or to the float at another MAC, questions and announcements prove nothing', () => {
  const other = Uint8Array.of(2, 0, 0, 0, 0, 0x0b);
  assert.equal(answers({ ...answer, targetIp: server }), false);
  assert.equal(answers({ ...answer, targetMac: other }), false);
  assert.equal(answers({ ...answer, targetMac: Uint8Array.of(3, 0, 0, 0, 0, 0x0a) }), false);
  assert.equal(answers({ ...answer, operation: 'request' }), false);
  assert.equal(answers(answer, 0x0800), false);
  for (const packet of [...arpAnnouncements(own, float), arpQuestion(own, float, server)])
    assert.equal(answers(packet), false);
});
