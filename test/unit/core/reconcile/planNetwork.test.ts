import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planNetwork } from '../../../../src/core/reconcile/index.ts';
import type { Address } from '../../../../src/model/network.ts';
import { FakeNetwork } from '../../../fakes/kernel.ts';

const desired = {
  nics: [
    { device: 'eth0', address: '198.51.100.2', prefix: 24 },
    { device: 'eth1', address: '192.0.2.2', prefix: 24 },
  ],
  floats: [
    { address: '198.51.100.10', device: 'eth0' },
    { address: '192.0.2.1', device: 'eth1' },
  ],
  gateway: { address: '198.51.100.1', device: 'eth0' },
};

const observe = (network: FakeNetwork) => ({
  addresses: network.addresses(),
  links: network.links(),
  routes: network.routes(),
});

/** A box on which everything is in place. */
function settled(): FakeNetwork {
  const network = new FakeNetwork(['eth0', 'eth1']);
  for (const step of planNetwork(desired, observe(network)).steps) {
    if (step.op === 'up') network.setUp(step.device);
    else if (step.op === 'set-address') network.changeAddresses([{ op: 'set', address: step.address }]);
    else network.setRoute(step.route);
  }
  return network;
}

const address = (device: string, text: string, more: Partial<Address> = {}): Address => ({
  device,
  address: text,
  prefix: 24,
  label: device,
  validSeconds: undefined,
  ...more,
});

test('NICs come up, then get their own addresses, then the default route', () => {
  const steps = planNetwork(desired, observe(new FakeNetwork(['eth0', 'eth1']))).steps.map((step) => step.op);
  assert.deepEqual(steps, ['up', 'up', 'set-address', 'set-address', 'set-route']);
});

test('a box on which all is in place gets no step and no warning', () => {
  assert.deepEqual(planNetwork(desired, observe(settled())), { steps: [], warnings: [] });
});

test('the floats are neither set, removed nor warned of', () => {
  const network = settled();
  network.held.push(address('eth0', '198.51.100.10', { label: 'eth0:1', validSeconds: 2 }));
  network.held.push(address('eth1', '192.0.2.1', { label: 'eth1:1', validSeconds: 2 }));
  assert.deepEqual(planNetwork(desired, observe(network)), { steps: [], warnings: [] });
});

test('a foreign address is warned of and left alone', () => {
  const network = settled();
  network.held.push(address('eth1', '203.0.113.77'), address('lo', '203.0.113.78'), address('eth0', 'fe80::1'));
  const { steps, warnings } = planNetwork(desired, observe(network));
  assert.deepEqual(steps, []);
  assert.deepEqual(warnings, ['203.0.113.77/24 on eth1 is not in the document and is left alone']);
});

test('an own address that would expire is set for good', () => {
  const network = settled();
  network.held = network.held.map((entry) => (entry.device === 'eth0' ? { ...entry, validSeconds: 900 } : entry));
  const { steps } = planNetwork(desired, observe(network));
  assert.deepEqual(steps, [{ op: 'set-address', address: address('eth0', '198.51.100.2') }]);
});

test('a NIC that was switched off comes up together with its default route', () => {
  const network = settled();
  const links = network.links().map((link) => ({ ...link, admin: link.device !== 'eth0' }));
  const { steps } = planNetwork(desired, { ...observe(network), links });
  assert.deepEqual(
    steps.map((step) => step.op),
    ['up', 'set-route'],
  );
});

test('another gateway is replaced; without one in the document the routes are left alone', () => {
  const network = settled();
  network.setRoute({ destination: '0.0.0.0/0', gateway: '198.51.100.99', device: 'eth0' });
  assert.deepEqual(
    planNetwork(desired, observe(network)).steps.map((step) => step.op),
    ['set-route'],
  );
  assert.deepEqual(planNetwork({ ...desired, gateway: undefined }, observe(network)).steps, []);
});

test('a NIC this box does not have is named', () => {
  const { warnings } = planNetwork(desired, observe(new FakeNetwork(['eth0'])));
  assert.deepEqual(warnings, ['this box has no NIC named eth1']);
});
