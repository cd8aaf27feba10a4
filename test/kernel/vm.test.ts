import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sh } from './netns.ts';

test('this kernel has IPVS and every scheduler that a document may name', () => {
  const modules = readFileSync('/proc/modules', 'utf8');
  for (const scheduler of ['rr', 'wrr', 'lc', 'wlc', 'sh', 'mh', 'sed', 'nq', 'fo', 'ovf']) {
    assert.match(modules, new RegExp(`^ip_vs_${scheduler} `, 'm'));
  }
});

test('ipvsadm reads an empty table', () => {
  const lines = sh('ipvsadm -Ln').trim().split('\n');
  assert.match(lines[0]!, /^IP Virtual Server version \d/);
  assert.equal(lines.length, 3, 'a header of three lines and no service');
});

test('the tools that the floor needs are here', () => {
  assert.match(sh('ip -V'), /iproute2/);
  assert.match(sh('strace -V'), /strace -- version/);
  assert.match(process.version, /^v24\./);
});
