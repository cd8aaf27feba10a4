import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileLane } from '../../../../src/core/document/compileLane.ts';
import { lockedOut } from '../../../../src/core/lint/lockout.ts';
import { rackDocument, rackNode } from '../../../fakes/rackDocument.ts';

const routes = [
  { destination: '0.0.0.0/0', device: 'eth0', gateway: '198.51.100.1' },
  { destination: '::/0', device: 'eth0', gateway: 'fe80::1' },
  { destination: '192.0.2.0/24', device: 'eth1', gateway: undefined },
];

function judged(firewall: string, address: string, port = 22) {
  const document = rackDocument((text) => `${text}\n${firewall}\n`);
  return lockedOut(document, compileLane(document, rackNode('a'), 'digest'), routes, { address, port });
}

test('who is logged in over the public side and is not allowed is told his own address and port, and the entry that lets him in', () => {
  assert.deepEqual(judged('firewall: {}', '203.0.113.7'), {
    path: 'firewall.allow',
    value: '[]',
    remedy:
      'you are logged in from 203.0.113.7 at TCP port 22 by eth0, and could not log in again from there: allow it, ' +
      '`{ protocol: tcp, ports: [22], from: [203.0.113.7/32] }`',
  });
  assert.match(judged('firewall: {}', '2001:db8:9::7')?.remedy ?? '', /from: \[2001:db8:9::7\/128\]/);
});

test('who comes from the private side, or is allowed, or applies no firewall, is not cut off', () => {
  assert.equal(judged('firewall: {}', '192.0.2.50'), undefined);
  assert.equal(judged('', '203.0.113.7'), undefined);
  const allow = 'firewall: { allow: [{ protocol: tcp, ports: ["20-30"], from: [203.0.113.0/24] }] }';
  assert.equal(judged(allow, '203.0.113.7'), undefined);
  assert.notEqual(judged(allow, '203.0.113.7', 2222), undefined);
  assert.notEqual(judged(allow, '203.0.114.7'), undefined);
  const udp = 'firewall: { allow: [{ protocol: udp, ports: [22], from: [203.0.113.0/24] }] }';
  assert.notEqual(judged(udp, '203.0.113.7'), undefined);
});
