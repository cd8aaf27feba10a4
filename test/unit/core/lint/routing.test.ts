import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileLane } from '../../../../src/core/document/compileLane.ts';
import { asymmetric, deviceTo, strictFilters } from '../../../../src/core/lint/routing.ts';
import type { Route } from '../../../../src/model/network.ts';
import { rackDocument, rackNode } from '../../../fakes/rackDocument.ts';

const document = rackDocument();
const lane = compileLane(document, rackNode('a'), 'digest');
const route = (destination: string, device: string, gateway?: string): Route => ({ destination, device, gateway });
const right = [
  route('0.0.0.0/0', 'eth0', '198.51.100.1'),
  route('198.51.100.0/24', 'eth0'),
  route('192.0.2.0/24', 'eth1'),
];

test('the way to an address is that of the longest prefix', () => {
  assert.equal(deviceTo(right, '192.0.2.77'), 'eth1');
  assert.equal(deviceTo(right, '203.0.113.1'), 'eth0');
  assert.equal(deviceTo(right, '2001:db8::1'), undefined);
  assert.equal(deviceTo(right, 'nobody'), undefined);
});

test('servers to whom packets leave by the public NIC are named, and a default route by another NIC', () => {
  assert.deepEqual(asymmetric(document, lane, right), []);
  assert.deepEqual(
    asymmetric(document, lane, [...right, route('192.0.2.12/32', 'eth0')]).map(({ text }) => text),
    ['packets to echo/s2 (192.0.2.12) leave by eth0, and their answers should come by eth1'],
  );
  assert.deepEqual(
    asymmetric(document, lane, [...right.slice(1), route('0.0.0.0/0', 'eth1', '192.0.2.99')]).map(({ text }) => text),
    ['the default route leaves by eth1, and clients come in by eth0'],
  );
});

test('strict reverse path filtering is told by name; loose and none are not', () => {
  const found = strictFilters(
    new Map([
      ['all', '1'],
      ['eth0', '0'],
      ['eth1', '2'],
      ['eth2', undefined],
    ]),
  );
  assert.deepEqual(found, [
    { code: 'rp-filter-strict', subject: 'all', text: 'net.ipv4.conf.all.rp_filter is 1, strict' },
  ]);
});
