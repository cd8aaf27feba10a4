import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ipBytes } from '../../../../src/codec/ip.ts';
import { decodeAck } from '../../../../src/codec/netlink/ack.ts';
import { NLMSG_ERROR } from '../../../../src/codec/netlink/constants.ts';
import type { NetlinkWriter } from '../../../../src/codec/netlink/writer.ts';
import { decodeAddress, writeDeleteAddress, writeNewAddress } from '../../../../src/codec/rtnetlink/address.ts';
import { RTM_NEWADDR, RTM_NEWLINK, RTM_NEWROUTE } from '../../../../src/codec/rtnetlink/constants.ts';
import { decodeLink, writeSetUp } from '../../../../src/codec/rtnetlink/link.ts';
import { decodeRoute, writeSetRoute } from '../../../../src/codec/rtnetlink/route.ts';
import { written } from '../arbitraries.ts';
import { answers, comparable, golden, lastRequest } from '../golden.ts';

const { command } = golden('ip');

/** As the stage of the recording numbered them. */
const ETH0 = 3;
const ETH1 = 5;

const entry = (index: number, text: string, prefix: number, label = '', validSeconds?: number) => ({
  index,
  address: ipBytes(text)!,
  prefix,
  label,
  validSeconds,
});

const route = (destination: string, prefix: number, gateway: string | undefined, index: number) => ({
  destination: ipBytes(destination)!,
  prefix,
  gateway: gateway === undefined ? undefined : ipBytes(gateway)!,
  index,
});

const requests: readonly [string, (writer: NetlinkWriter) => void][] = [
  ['ip link set eth0 up', (writer) => writeSetUp(writer, 1, ETH0)],
  ['ip addr replace 198.51.100.2/24 dev eth0', (writer) => writeNewAddress(writer, 1, entry(ETH0, '198.51.100.2', 24))],
  [
    'ip addr replace 198.51.100.10/24 dev eth0 label eth0:1 valid_lft 200 preferred_lft 200',
    (writer) => writeNewAddress(writer, 1, entry(ETH0, '198.51.100.10', 24, 'eth0:1', 200)),
  ],
  [
    'ip addr replace 2001:db8::10/64 dev eth0 nodad valid_lft 200 preferred_lft 200',
    (writer) => writeNewAddress(writer, 1, entry(ETH0, '2001:db8::10', 64, '', 200)),
  ],
  [
    'ip addr replace 2001:db8:1::2/64 dev eth1 nodad',
    (writer) => writeNewAddress(writer, 1, entry(ETH1, '2001:db8:1::2', 64)),
  ],
  [
    'ip addr del 198.51.100.10/24 dev eth0',
    (writer) => writeDeleteAddress(writer, 1, entry(ETH0, '198.51.100.10', 24)),
  ],
  ['ip addr del 2001:db8::10/64 dev eth0', (writer) => writeDeleteAddress(writer, 1, entry(ETH0, '2001:db8::10', 64))],
  [
    'ip route replace default via 198.51.100.1 dev eth0 proto static',
    (writer) => writeSetRoute(writer, 1, route('0.0.0.0', 0, '198.51.100.1', ETH0)),
  ],
  [
    'ip route replace 203.0.113.0/24 dev eth1 proto static',
    (writer) => writeSetRoute(writer, 1, route('203.0.113.0', 24, undefined, ETH1)),
  ],
  [
    'ip -6 route replace 2001:db8:2::/48 via 2001:db8::1 dev eth0 proto static',
    (writer) => writeSetRoute(writer, 1, route('2001:db8:2::', 48, '2001:db8::1', ETH0)),
  ],
];

for (const [text, write] of requests) {
  test(`our request is byte for byte that of: ${text}`, () => {
    assert.equal(comparable(written(write)), comparable(lastRequest(command(text))));
  });
}

const ofType = (text: string, type: number) => answers(command(text)).filter((message) => message.type === type);

test('the kernel’s links read as ip printed them', () => {
  const printed = JSON.parse(command('ip -j link show').stdout) as {
    ifindex: number;
    ifname: string;
    address?: string;
    mtu: number;
    flags: string[];
  }[];
  const expected = printed.map((link) => ({
    index: link.ifindex,
    device: link.ifname,
    mac: link.address ?? '',
    admin: link.flags.includes('UP'),
    carrier: link.flags.includes('LOWER_UP'),
    mtu: link.mtu,
  }));
  const decoded = ofType('ip -j link show', RTM_NEWLINK).map(decodeLink);
  assert.ok(decoded.length >= 5, `${decoded.length} links`);
  assert.deepEqual(decoded, expected);
});

test('the kernel’s addresses read as ip printed them', () => {
  const printed = JSON.parse(command('ip -j addr show').stdout) as {
    ifindex: number;
    addr_info: { local: string; prefixlen: number; label?: string; valid_life_time: number }[];
  }[];
  const expected = printed.flatMap((link) =>
    link.addr_info.map((info) => ({
      index: link.ifindex,
      address: info.local,
      prefix: info.prefixlen,
      label: info.label ?? '',
      validSeconds: info.valid_life_time === 0xffff_ffff ? undefined : info.valid_life_time,
    })),
  );
  const decoded = ofType('ip -j addr show', RTM_NEWADDR).map((message) => {
    const { family: _f, flags: _g, ...rest } = decodeAddress(message)!;
    return rest;
  });
  const order = (one: { index: number; address: string }) => `${one.index} ${one.address}`;
  const sorted = <T extends { index: number; address: string }>(all: readonly T[]): T[] =>
    all.toSorted((left, right) => order(left).localeCompare(order(right)));
  assert.ok(decoded.length >= 7, `${decoded.length} addresses`);
  assert.deepEqual(sorted(decoded), sorted(expected));
  assert.ok(decoded.some((one) => one.label === 'eth0:1' && one.validSeconds !== undefined));
});

test('the kernel’s routes read as ip printed them', () => {
  for (const [text, all] of [
    ['ip -4 -j route show', '0.0.0.0/0'],
    ['ip -6 -j route show', '::/0'],
  ] as const) {
    const printed = JSON.parse(command(text).stdout) as { dst: string; gateway?: string }[];
    const decoded = ofType(text, RTM_NEWROUTE)
      .map(decodeRoute)
      .filter((one) => one !== undefined)
      .map(({ destination, gateway }) => ({ destination, gateway }));
    assert.deepEqual(
      decoded,
      printed.map(({ dst, gateway }) => ({ destination: dst === 'default' ? all : dst, gateway })),
    );
  }
});

test('refusals carry the errno and the text that ip printed', () => {
  for (const [text, errno] of [
    ['ip addr del 192.0.2.77/24 dev eth1', 99],
    ['ip route add 203.0.113.0/25 via 203.0.114.1 dev eth0', 101],
  ] as const) {
    const ack = decodeAck(ofType(text, NLMSG_ERROR).at(-1)!);
    assert.equal(ack.errno, errno);
    assert.equal(`Error: ${ack.text}.`, command(text).stderr.trim());
  }
});
