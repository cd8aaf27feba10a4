import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HostMemory, hostMemory, mayHold } from '../../../image/vm/memory.ts';

const host: HostMemory = {
  meminfo: 'MemTotal:       24000000 kB\nMemAvailable:   16000000 kB\n',
  limits:
    'Limit                     Soft Limit           Hard Limit           Units\nMax locked memory         8388608              8388608              bytes\n',
  status: 'Name:\tnode\nCapEff:\t000001ffffffffff\n',
  uidMap: '         0          0 4294967295\n',
};

test('root holds the memory of an emulator that fits twice', () => {
  assert.equal(mayHold(host, 512), true);
  assert.equal(mayHold(host, 8192), false);
});

test('root of a user namespace, or without CAP_IPC_LOCK, holds it only without a limit', () => {
  const strange = [
    { ...host, uidMap: '         0       1000          1\n' },
    { ...host, status: 'CapEff:\t000001ffffffbfff\n' },
    { ...host, status: 'CapEff:\t0000000000000000\n' },
  ];
  const unlimited = 'Max locked memory         unlimited            unlimited            bytes\n';
  for (const one of strange) {
    assert.equal(mayHold(one, 512), false);
    assert.equal(mayHold({ ...one, limits: unlimited }, 512), true);
  }
});

test('the files of this host are understood', async () => {
  const here = await hostMemory();
  assert.match(here.limits, /^Max locked memory\s+(unlimited|\d+)/m);
  assert.match(here.meminfo, /^MemAvailable:\s*\d+ kB/m);
  assert.match(here.status, /^CapEff:\s*[0-9a-f]{16}$/m);
  assert.match(here.uidMap, /^\s*\d+\s+\d+\s+\d+$/m);
});
