import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileLane } from '../../../../src/core/document/compileLane.ts';
import { behindGateway, cables, duplicates, wireQuestions } from '../../../../src/core/lint/wire.ts';
import type { Answerer } from '../../../../src/model/nic.ts';
import { rackDocument, rackNode } from '../../../fakes/rackDocument.ts';

const lane = compileLane(rackDocument(), rackNode('a'), 'digest');
const MACS = {
  '198.51.100.1': '02:00:00:00:00:01',
  '198.51.100.3': '02:00:00:00:00:b0',
  '192.0.2.3': '02:00:00:00:00:b1',
};
const on = (device: string, address: string, mac?: string): Answerer => ({
  device,
  address,
  mac: mac ?? MACS[address as keyof typeof MACS] ?? `02:00:00:00:01:${address.split('.')[3]}`,
});
/** Everybody where he belongs. */
const right = [
  on('eth0', '198.51.100.1'),
  on('eth0', '198.51.100.3'),
  on('eth1', '192.0.2.3'),
  on('eth1', '192.0.2.11'),
  on('eth1', '192.0.2.12'),
];
const swapped = right.map(({ device, ...rest }) => ({ ...rest, device: device === 'eth0' ? 'eth1' : 'eth0' }));

test('own addresses are asked for where they are, known neighbours on both NICs, and no float', () => {
  const asked = wireQuestions(lane).map(({ device, address }) => `${device} ${address}`);
  assert.deepEqual(asked.slice(0, 2), ['eth0 198.51.100.2', 'eth1 192.0.2.2']);
  for (const device of ['eth0', 'eth1']) {
    for (const address of ['198.51.100.1', '198.51.100.3', '192.0.2.3', '192.0.2.11', '192.0.2.13']) {
      assert.ok(asked.includes(`${device} ${address}`), `${device} ${address}`);
    }
  }
  assert.ok(!asked.some((text) => text.includes('198.51.100.10') || text.endsWith('192.0.2.1')));
  assert.ok(asked.length <= 24);
  for (const { device, address, from } of wireQuestions(lane)) {
    const own = lane.nics.public.device === device ? lane.nics.public.address : lane.nics.private.address;
    assert.equal(from, address === own ? undefined : own, 'a probe is for own addresses alone');
  }
});

test('another machine with an own address is named with its MAC and the NIC', () => {
  const answers = [
    ...right,
    on('eth0', '198.51.100.2', '02:de:ad:00:00:01'),
    on('eth0', '192.0.2.2', '02:de:ad:00:00:02'),
  ];
  assert.deepEqual(duplicates(lane, answers), [
    {
      code: 'address-duplicate',
      subject: '198.51.100.2',
      text: '02:de:ad:00:00:01 answers on eth0 for 198.51.100.2, which is this router’s own',
    },
  ]);
  assert.deepEqual(duplicates(lane, right), []);
});

test('neighbours of both sides that answer on the other NIC alone: the cables are swapped', () => {
  assert.deepEqual(cables(lane, right), []);
  assert.deepEqual(cables(lane, []), [], 'nobody answers at all');
  const [found, ...more] = cables(lane, swapped);
  assert.deepEqual(more, []);
  assert.equal(found?.code, 'cables-swapped');
  assert.equal(
    found.text,
    'on the other side’s NIC answers router b (198.51.100.3, public side), router b (192.0.2.3, private side), the gateway ' +
      '(198.51.100.1, public side) and 2 more; nobody answers where they belong (eth0 public, eth1 private)',
  );
  assert.equal(
    cables(lane, [on('eth0', '192.0.2.3')])[0]?.code,
    'cables-swapped',
    'the twin’s private address is enough',
  );
});

test('a gateway with proxy ARP that answers for a private side that is silent does not make cables swapped', () => {
  const proxy = ['192.0.2.3', '192.0.2.11'].map((address) => on('eth0', address, MACS['198.51.100.1']));
  assert.deepEqual(cables(lane, [on('eth0', '198.51.100.1'), ...proxy]), []);
});

test('neighbours that answer on both NICs: the sides share a wire', () => {
  const found = cables(lane, [...right, ...swapped]);
  assert.deepEqual(
    found.map(({ code }) => code),
    ['sides-share-wire'],
  );
});

test('one server on the public wire, while others are where they belong, is misplaced', () => {
  const moved = right.map((answer) => (answer.address === '192.0.2.12' ? { ...answer, device: 'eth0' } : answer));
  assert.deepEqual(cables(lane, moved), [
    {
      code: 'server-misplaced',
      subject: '192.0.2.12',
      text: 'the real server 192.0.2.12 answers on eth0, the public NIC, and not on eth1',
    },
  ]);
});

test('a real server for which the gateway answers is named', () => {
  const proxied = [...right, on('eth0', '192.0.2.13', MACS['198.51.100.1'])];
  assert.deepEqual(behindGateway(lane, proxied), [
    {
      code: 'server-misplaced',
      subject: '192.0.2.13',
      text: 'for the real server 192.0.2.13 the gateway 198.51.100.1 (02:00:00:00:00:01) answers on eth0',
    },
  ]);
  assert.deepEqual(behindGateway(lane, right), []);
});
