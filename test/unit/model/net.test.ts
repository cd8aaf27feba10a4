import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  contains,
  formatCidr,
  formatIp,
  isHost,
  isUnicast,
  networkOf,
  overlaps,
  parseCidr,
  parseIp,
} from '../../../src/model/net.ts';

const ip = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 32n) - 1n }).map((value) => ({ family: 4 as const, value })),
  fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map((value) => ({ family: 6 as const, value })),
  fc
    .array(fc.constantFrom(0n, 0n, 1n, 0xffffn), { minLength: 8, maxLength: 8 })
    .map((words) => ({ family: 6 as const, value: words.reduce<bigint>((sum, word) => (sum << 16n) | word, 0n) })),
);
const cidr = ip.chain((address) => fc.nat(address.family === 4 ? 32 : 128).map((prefix) => ({ ip: address, prefix })));

test('what is formatted is read back as it was', () => {
  fc.assert(fc.property(ip, (address) => assert.deepEqual(parseIp(formatIp(address)), address)));
  fc.assert(fc.property(cidr, (network) => assert.deepEqual(parseCidr(formatCidr(network)), network)));
});

test('formatting agrees with the URL parser, another implementation of RFC 5952', () => {
  fc.assert(
    fc.property(ip, (address) => {
      const text = formatIp(address);
      const host = new URL(`http://${address.family === 6 ? `[${text}]` : text}/`).hostname;
      assert.equal(address.family === 6 ? host.slice(1, -1) : host, text);
    }),
  );
});

test('text is an address exactly when Node says so', () => {
  const near = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'0123456789.:abf/'), maxLength: 20 }),
    ip.map(formatIp).chain((text) => fc.nat(text.length).map((at) => text.slice(0, at) + text.slice(at + 1))),
    fc
      .array(fc.constantFrom('0', '1', 'ffff', '', ':', '1.2.3.4', '00001'), { maxLength: 9 })
      .map((words) => words.join(':')),
  );
  fc.assert(
    fc.property(near, (text) => assert.equal(parseIp(text)?.family ?? 0, isIP(text), text)),
    { numRuns: 5000 },
  );
});

test('RFC 5952 examples', () => {
  for (const [written, printed] of [
    ['2001:db8::1', '2001:db8::1'],
    ['2001:0DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::', '::'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
  ] as const) {
    const parsed = parseIp(written);
    assert.ok(parsed);
    assert.equal(formatIp(parsed), printed);
  }
});

test('a network holds its own addresses and no neighbour’s', () => {
  fc.assert(
    fc.property(cidr, (network) => {
      const { ip: address, prefix } = network;
      const bits = address.family === 4 ? 32 : 128;
      assert.ok(contains(network, address));
      assert.ok(contains(networkOf(network), address));
      if (prefix === 0) return;
      const neighbour = { ...address, value: address.value ^ (1n << BigInt(bits - prefix)) };
      assert.equal(contains(network, neighbour), false);
      assert.equal(overlaps(network, { ip: neighbour, prefix }), false);
      assert.ok(overlaps(network, { ip: neighbour, prefix: prefix - 1 }));
    }),
  );
  const of = (text: string) => parseCidr(text)!;
  assert.equal(contains(of('192.0.2.0/24'), parseIp('2001:db8::1')!), false);
});

test('network and broadcast addresses are no hosts, except in networks too small for them', () => {
  for (const [text, host] of [
    ['192.0.2.0/24', false],
    ['192.0.2.255/24', false],
    ['192.0.2.128/25', false],
    ['192.0.2.127/24', true],
    ['192.0.2.0/31', true],
    ['192.0.2.0/32', true],
    ['2001:db8::/64', true],
  ] as const) {
    assert.equal(isHost(parseCidr(text)!), host, text);
  }
});

test('what nobody can own is no unicast address', () => {
  for (const text of ['0.0.0.0', '0.1.2.3', '127.0.0.1', '224.0.0.18', '255.255.255.255', '::', '::1', 'ff02::1']) {
    assert.equal(isUnicast(parseIp(text)!), false, text);
  }
  for (const text of ['192.0.2.1', '10.0.0.1', '223.255.255.1', '2001:db8::1', 'fe80::1']) {
    assert.ok(isUnicast(parseIp(text)!), text);
  }
});
