import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { someConnections } from '../../../firmware/eyes/connections.ts';
import { readNic } from '../../../firmware/eyes/nic.ts';

const root = mkdtempSync(join(tmpdir(), 'tandem-eyes-'));
after(() => rmSync(root, { recursive: true }));

function device(name: string, files: Record<string, string>): void {
  mkdirSync(join(root, name, 'statistics'), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, name, file), `${text}\n`);
}

test('a NIC is read with what its driver says', () => {
  device('eth0', {
    mtu: '1500',
    carrier: '1',
    speed: '100',
    duplex: 'half',
    carrier_changes: '7',
    'statistics/rx_packets': '10',
    'statistics/tx_packets': '5',
    'statistics/rx_errors': '3',
    'statistics/tx_errors': '1',
    'statistics/rx_crc_errors': '2',
    'statistics/rx_missed_errors': '4',
  });
  assert.deepEqual(readNic('eth0', root), {
    mtu: 1500,
    carrier: true,
    speed: 100,
    duplex: 'half',
    carrierChanges: 7,
    packets: 15,
    errors: 4,
    badChecksums: 2,
    missed: 4,
  });
});

test('what a driver does not say is not known, and a device that is not there is none', () => {
  device('eth1', { mtu: '1500', speed: '-1', duplex: 'unknown' });
  const { speed, duplex, carrier } = readNic('eth1', root)!;
  assert.deepEqual({ speed, duplex, carrier }, { speed: null, duplex: null, carrier: false });
  device('eth2', { mtu: '1500', speed: '4294967295' });
  assert.equal(readNic('eth2', root)!.speed, null);
  for (const name of ['eth9', '..', 'eth0/statistics']) assert.equal(readNic(name, root), undefined);
});

test('of the connections no more is read than was asked for, and none without a table', () => {
  const path = join(root, 'ip_vs_conn');
  const line = 'TCP CB00710A 9C40 C633640A 0050 C000020B 1F90 ESTABLISHED     899\n';
  writeFileSync(path, line.repeat(1000));
  assert.equal(someConnections(path, 10 * line.length + 5).length, 10);
  assert.equal(someConnections(path, 1 << 20).length, 1000);
  assert.deepEqual(someConnections(join(root, 'none')), []);
});
