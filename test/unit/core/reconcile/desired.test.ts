import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileLane } from '../../../../src/core/document/compileLane.ts';
import { desiredState, devicesOf, planNetwork, sysctlsFor, tableFor } from '../../../../src/core/reconcile/index.ts';
import { FakeNetwork } from '../../../fakes/kernel.ts';
import { rackDocument, rackNode } from '../../../fakes/rackDocument.ts';

const document = rackDocument();
const desired = (down: readonly string[], node: 'a' | 'b' = 'a') =>
  desiredState(
    document,
    compileLane(document, rackNode(node), 'digest'),
    (service, server) => !down.includes(`${service.name}/${server.name}`),
  );

const weights = (down: readonly string[], service: number) =>
  desired(down).services[service]!.destinations.map((entry) => `${entry.address}:${entry.port}=${entry.weight}`);

test('every server that is up has the weight the document gives it', () => {
  assert.deepEqual(weights([], 0), ['192.0.2.11:8080=1', '192.0.2.12:8080=1', '192.0.2.13:8080=1']);
  assert.deepEqual(weights([], 1), ['192.0.2.11:7=1', '192.0.2.12:7=1']);
});

test('a failed TCP server keeps its place with weight 0', () => {
  assert.deepEqual(weights(['web/s2'], 0), ['192.0.2.11:8080=1', '192.0.2.12:8080=0', '192.0.2.13:8080=1']);
  assert.deepEqual(desired(['web/s2']).services[0]!.failed, []);
});

test('a failed UDP server is to be gone at once', () => {
  assert.deepEqual(weights(['echo/s1'], 1), ['192.0.2.12:7=1']);
  assert.deepEqual(desired(['echo/s1']).services[1]!.failed, [{ address: '192.0.2.11', port: 7 }]);
});

test('both boxes hold the same services and run both daemons with the same id on the private NIC', () => {
  const [a, b] = [desired([], 'a'), desired([], 'b')];
  assert.deepEqual(a.services, b.services);
  assert.deepEqual(a.daemons, b.daemons);
  assert.deepEqual(
    a.daemons.map((daemon) => `${daemon.role} ${daemon.device}`),
    ['master eth1', 'backup eth1'],
  );
  assert.ok(a.daemons[0]!.syncId >= 1 && a.daemons[0]!.syncId <= 255);
});

test('each box has its own addresses and the gateway on its public NIC', () => {
  assert.deepEqual(
    desired([], 'b').nics.map((nic) => `${nic.device} ${nic.address}/${nic.prefix}`),
    ['eth0 198.51.100.3/24', 'eth1 192.0.2.3/24'],
  );
  assert.deepEqual(desired([], 'b').gateway, { address: '198.51.100.1', device: 'eth0' });
});

const SORRY = 'port: 80\n    sorry_server: { address: 192.0.2.99, port: 8080 }';
const withSorry = (quorum: boolean) => {
  const changed = rackDocument((text) => text.replace('port: 80', SORRY));
  const lane = compileLane(changed, rackNode('a'), 'digest');
  const up = (): boolean => true;
  return desiredState(changed, lane, up, () => false, { hasQuorum: () => quorum }).services[0]!.destinations;
};

test('without a quorum the sorry server gets the new clients, and live servers keep their connections', () => {
  assert.deepEqual(
    withSorry(false).map((entry) => `${entry.address}:${entry.port}=${entry.weight}`),
    ['192.0.2.99:8080=1', '192.0.2.11:8080=0', '192.0.2.12:8080=0', '192.0.2.13:8080=0'],
  );
  assert.deepEqual(
    withSorry(true).map((entry) => `${entry.address}=${entry.weight}`),
    ['192.0.2.11=1', '192.0.2.12=1', '192.0.2.13=1'],
  );
});

test('a share of a server is a share of its weight', () => {
  const heavy = rackDocument((text) => text.replace('12, port: 8080', '12, port: 8080, weight: 40'));
  const lane = compileLane(heavy, rackNode('a'), 'digest');
  const use = { share: (_: unknown, server: { name: string }) => (server.name === 's3' ? 0 : 25) };
  const [web] = desiredState(
    heavy,
    lane,
    () => true,
    () => false,
    use,
  ).services;
  assert.deepEqual(
    web!.destinations.map((entry) => entry.weight),
    [1, 10, 0],
  );
});

const dual = rackDocument((text) =>
  text
    .replace('192.0.2.1/24 }', '192.0.2.1/24, address6: "2001:db8:1::1/64" }')
    .replace('192.0.2.2/24 }', '192.0.2.2/24, private6: "2001:db8:1::2/64" }')
    .replace('192.0.2.3/24 }', '192.0.2.3/24, private6: "2001:db8:1::3/64" }'),
);

test('IPv6: the own address is set on the NIC, the float is left to the lane, and forwarding is switched on', () => {
  const wanted = desiredState(dual, compileLane(dual, rackNode('b'), 'digest'), () => true);
  assert.deepEqual(
    wanted.nics.map((nic) => `${nic.device} ${nic.address}/${nic.prefix}`),
    ['eth0 198.51.100.3/24', 'eth1 192.0.2.3/24', 'eth1 2001:db8:1::3/64'],
  );
  const network = new FakeNetwork(['eth0', 'eth1']);
  network.held.push({ device: 'eth1', address: '2001:db8:1::1', prefix: 128, label: '', validSeconds: 2 });
  const observed = { addresses: network.addresses(), links: network.links(), routes: network.routes() };
  const { steps, warnings } = planNetwork(wanted, observed);
  assert.deepEqual(
    steps.map((step) => (step.op === 'set-address' ? `${step.address.address} ${step.address.label}` : step.op)),
    ['up', 'up', '198.51.100.3 eth0', '192.0.2.3 eth1', '2001:db8:1::3 ', 'set-route'],
  );
  assert.deepEqual(warnings, []);
  const names = sysctlsFor(devicesOf(wanted), tableFor(wanted)).map(({ name }) => name);
  for (const name of ['all.forwarding', 'eth1.accept_ra', 'eth0.accept_dad'])
    assert.ok(names.includes(`net.ipv6.conf.${name}`), name);
});

test('without IPv6 in the document no IPv6 setting is touched', () => {
  assert.ok(tableFor(desired([])).every(({ name }) => !name.startsWith('net.ipv6')));
});
