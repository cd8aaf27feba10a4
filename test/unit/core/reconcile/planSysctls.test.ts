import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planSysctls, sysctlsFor, sysctlTable, sysctlTable6 } from '../../../../src/core/reconcile/index.ts';
import { FakeSysctls } from '../../../fakes/kernel.ts';

const devices = ['eth0', 'eth1'];
const names = sysctlsFor(devices).map((entry) => entry.name);

const read = (sysctls: FakeSysctls) => Object.fromEntries(names.map((name) => [name, sysctls.get(name)]));

test('one round is enough even though ip_forward switches redirects back on', () => {
  const sysctls = new FakeSysctls(devices);
  for (const step of planSysctls(devices, read(sysctls))) sysctls.set(step.name, step.value);
  assert.deepEqual(planSysctls(devices, read(sysctls)), []);
});

test('redirects are written after ip_forward, though they were off before', () => {
  const steps = planSysctls(devices, read(new FakeSysctls(devices))).map((step) => step.name);
  assert.equal(steps[0], 'net.ipv4.ip_forward');
  for (const part of ['all', 'default', 'eth0', 'eth1']) {
    assert.ok(steps.indexOf(`net.ipv4.conf.${part}.send_redirects`) > 0, part);
  }
});

test('a single wrong value is written alone', () => {
  const sysctls = new FakeSysctls(devices);
  for (const step of planSysctls(devices, read(sysctls))) sysctls.set(step.name, step.value);
  sysctls.set('net.ipv4.vs.conntrack', '1');
  assert.deepEqual(planSysctls(devices, read(sysctls)), [{ name: 'net.ipv4.vs.conntrack', value: '0' }]);
});

test('a vector counts as equal whatever stands between its numbers', () => {
  const right = { ...Object.fromEntries(sysctlsFor(devices).map((entry) => [entry.name, entry.value])) };
  assert.deepEqual(planSysctls(devices, { ...right, 'net.ipv4.vs.sync_threshold': '0\t1\n' }), []);
});

test('the dot of a VLAN’s name stays inside its part of the dotted name', () => {
  const found = sysctlsFor(['eth0.100']).map((entry) => entry.name);
  assert.ok(found.includes('net.ipv4.conf.eth0/100.rp_filter'));
});

test('every entry has a reason, and `after` names an earlier entry', () => {
  [...sysctlTable, ...sysctlTable6].forEach((entry, index, table) => {
    assert.ok(entry.reason.length > 20, entry.name);
    if (entry.after === undefined) return;
    assert.ok(
      table.slice(0, index).some((other) => other.name === entry.after),
      entry.name,
    );
  });
});
