import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSysctls } from '../../firmware/sysctl.ts';
import { enterNamespace, sh } from './netns.ts';

const NAME = 'net.ipv4.conf.gone0.forwarding';

test('a device that goes and comes back under its name is read anew, and told apart from one that is missing', () => {
  enterNamespace();
  const sysctls = openSysctls();
  sh('ip link add gone0 type veth peer name gone1');
  sysctls.set(NAME, '1');
  assert.equal(sysctls.get(NAME), '1');
  sh('ip link del gone0');
  assert.equal(sysctls.get(NAME), undefined);
  sh('ip link add gone0 type veth peer name gone1');
  assert.equal(sysctls.get(NAME), '0');
  sysctls.set(NAME, '1');
  assert.equal(sysctls.get(NAME), '1');
  sh('ip link del gone0; ip link add gone0 type veth peer name gone1');
  assert.equal(sysctls.get(NAME), '0', 'a file of the device before');
});
