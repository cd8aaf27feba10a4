import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConnections } from '../../../../src/codec/ipvs/connections.ts';

const LISTING = `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
TCP CB00710A 9C40 C633640A 0050 C000020B 1F90 ESTABLISHED     899
UDP C0000265 0035 C633640A 0007 C000020C 0007 UDP             300
TCP CB00710A 0000 C633640A 0050 C000020B 1F90 NONE            180
TCP 2001:0db8:0000:0000:0000:0000:0000:0004 9C40 2001:0db8:0000:0000:0000:0000:0000:0010 0050 2001:0db8:0001:0000:0000:0000:0000:0011 1F90 SYN_RECV         60
IP  CB00710A 0000 00000007 0000 C000020B 0000 NONE            180
TCP CB00710B 9C40 C633640A 0050 C00002`;

test('connections of both families are read; the heading, templates, and a line that was cut off are not', () => {
  assert.deepEqual(readConnections(LISTING), [
    { client: '203.0.113.10', address: '198.51.100.10', port: 80, server: '192.0.2.11' },
    { client: '192.0.2.101', address: '198.51.100.10', port: 7, server: '192.0.2.12' },
    { client: '2001:db8::4', address: '2001:db8::10', port: 80, server: '2001:db8:1::11' },
  ]);
});

test('what is no listing has no connections', () => {
  for (const text of ['', '\n', 'TCP\n', 'TCP zz zz zz zz zz zz\n', 'TCP CB00710A 9C40\n']) {
    assert.deepEqual(readConnections(text), []);
  }
});
