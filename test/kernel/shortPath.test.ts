import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { openSysctls } from '../../firmware/sysctl.ts';
import { normal, sysctlsFor } from '../../src/core/reconcile/planSysctls.ts';
import { rackText } from '../fakes/rackDocument.ts';
import { ControllerBox } from './controllerBox.ts';
import { enterNamespace, sh } from './netns.ts';
import { buildSegments, holdFloats } from './segments.ts';

/** What docs/performance.md says that the box has for speed is what the kernel has. */

let segments: ReturnType<typeof buildSegments> | undefined;
let box: ControllerBox;

before(async () => {
  enterNamespace();
  segments = buildSegments('short');
  sh('ip link set eth0 up; ip link set eth1 up; sysctl -qw net.ipv4.ip_early_demux=1');
  holdFloats();
  box = new ControllerBox();
  await box.start();
});

after(async () => {
  await box.remove();
  segments?.remove();
});

test('the connection table has as many buckets as the image asks for', () => {
  const bits = /^options ip_vs conn_tab_bits=(\d+)$/m.exec(readFileSync('/etc/modprobe.d/tandem.conf', 'utf8'))?.[1];
  const [head = ''] = readFileSync('/proc/net/ip_vs', 'utf8').split('\n');
  assert.equal(/\(size=(\d+)\)/.exec(head)?.[1], String(2 ** Number(bits)));
});

test('with a document in force every sysctl of the table reads as it says', async () => {
  await box.apply(rackText());
  const sysctls = openSysctls();
  const wrong = sysctlsFor(['eth0', 'eth1']).filter(({ name, value }) => normal(sysctls.get(name)) !== value);
  assert.deepEqual(wrong, []);
  assert.equal(sysctls.get('net.ipv4.ip_early_demux'), '0', 'it was 1');
});
