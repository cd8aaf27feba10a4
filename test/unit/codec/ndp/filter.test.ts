import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ipBytes } from '../../../../src/codec/ip.ts';
import { ndpClaimFilter } from '../../../../src/codec/ndp/filter.ts';
import { encodeNdp, type NdpPacket, ndpAnnouncement, ndpProbe } from '../../../../src/codec/ndp/packet.ts';
import { run } from '../bpf.ts';

const own = Uint8Array.of(2, 0, 0, 0, 0, 0x0a);
const others = [Uint8Array.of(2, 0, 0, 0, 0, 0x0b), Uint8Array.of(3, 0, 0, 0, 0, 0x0a)];
const other = others[0]!;
const float = ipBytes('2001:db8::10')!;
const filter = ndpClaimFilter(own, float);

const passes = (packet: NdpPacket, source = other, etherType = 0x86dd): boolean =>
  run(filter, encodeNdp(packet), etherType, source) > 0;

test('another machine’s advertisements of the float and its probes for it pass', () => {
  for (const mac of others) {
    assert.equal(passes(ndpAnnouncement(mac, float), mac), true);
    assert.equal(passes(ndpProbe(float), mac), true);
  }
});

test('our own, and all about another address, stay in the kernel', () => {
  assert.equal(passes(ndpAnnouncement(own, float), own), false);
  assert.equal(passes(ndpProbe(float), own), false);
  for (let at = 0; at < 16; at += 1) {
    const elsewhere = float.slice();
    elsewhere[at]! ^= 1;
    assert.equal(passes(ndpAnnouncement(other, elsewhere)), false, `byte ${at}`);
    assert.equal(passes(ndpProbe(elsewhere)), false, `byte ${at}`);
  }
});

test('a question for the float from somebody with an address stays in the kernel', () => {
  for (let at = 0; at < 16; at += 1) {
    const source = new Uint8Array(16);
    source[at] = 1;
    assert.equal(passes({ ...ndpProbe(float), source }), false, `byte ${at}`);
  }
});

test('data traffic, what has passed a router, other types and stumps stay in the kernel', () => {
  const claim = encodeNdp(ndpAnnouncement(other, float));
  const but = (at: number, value: number): number => {
    const bytes = claim.slice();
    bytes[at] = value;
    return run(filter, bytes, 0x86dd, other);
  };
  assert.equal(but(6, 6), 0, 'TCP');
  assert.equal(but(7, 254), 0, 'hop limit');
  assert.equal(but(40, 134), 0, 'router advertisement');
  assert.equal(but(41, 1), 0, 'code');
  assert.equal(run(filter, claim, 0x0800, other), 0);
  assert.ok(run(filter, claim, 0x86dd, other) >= claim.length);
  for (let length = 0; length < 64; length += 1) {
    assert.equal(run(filter, claim.subarray(0, length), 0x86dd, other), 0, `${length} bytes`);
  }
});
