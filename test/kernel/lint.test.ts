import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import type { ApplyResult, LintResult } from '../../src/model/control.ts';
import { ControllerBox, EchoServer, until } from './controllerBox.ts';
import { enterNamespace, mountOwnSysfs, sh } from './netns.ts';
import { buildSegments, holdFloats, within } from './segments.ts';

/** What is amiss around a pair, made with real namespaces, wires and packets, and found by the real controller. */

const PREFIX = 'lint';

const DOCUMENT = `tandem: 1
name: rack
floats: { public: { address: 198.51.100.10/24 }, private: { address: 192.0.2.1/24 } }
nodes:
  a: { public: 198.51.100.2/24, private: 192.0.2.2/24 }
  b: { public: 198.51.100.3/24, private: 192.0.2.3/24 }
gateway: 198.51.100.1
services:
  - name: web
    protocol: tcp
    port: 80
    scheduler: rr
    check: { type: tcp, interval_ms: 1000, timeout_ms: 300, rise: 2, fall: 2 }
    servers:
      - { name: s1, address: 192.0.2.11, port: 8080 }
      - { name: s2, address: 192.0.2.12, port: 8080 }
`;

const servers = ['s1', 's2'].map((name) => new EchoServer(`${PREFIX}-${name}`, name));
const sockets: Socket[] = [];
let box: ControllerBox;
let segments: { remove: () => void } | undefined;

before(async () => {
  enterNamespace();
  mountOwnSysfs();
  segments = buildSegments(PREFIX);
  holdFloats();
  for (const server of servers) await server.start();
  box = new ControllerBox();
  await box.start();
  await box.apply(DOCUMENT);
});

after(async () => {
  for (const socket of sockets) socket.destroy();
  await box.remove();
  for (const server of servers) await server.stop();
  segments?.remove();
});

const lint = (): Promise<LintResult> => box.ask({ do: 'lint' });
const found = async (): Promise<string[]> => (await lint()).findings.map(({ code, text }) => `${code}: ${text}`);
const alarms = async (): Promise<string[]> =>
  (await box.status()).alarms.map(({ code, subject }) => `${code} ${subject}`);

beforeEach(async () => {
  await until('nothing is amiss', 10_000, async () => (await found()).length === 0);
});

test('an own address that another machine has is named with its MAC, and the alarm ends when it has gone', async () => {
  const mac = sh(`ip netns exec ${PREFIX}-client cat /sys/class/net/eth0/address`).trim();
  sh(`ip -n ${PREFIX}-client addr add 198.51.100.2/32 dev eth0`);
  assert.deepEqual(await found(), [
    `address-duplicate: ${mac} answers on eth0 for 198.51.100.2, which is this router’s own`,
  ]);
  assert.ok((await alarms()).includes('address-duplicate 198.51.100.2'));
  sh(`ip -n ${PREFIX}-client addr del 198.51.100.2/32 dev eth0`);
  assert.deepEqual(await found(), []);
  assert.ok(!(await alarms()).includes('address-duplicate 198.51.100.2'));
});

test('a document that comes into force is followed by a look at the wires, without anybody asking', async () => {
  sh(`ip -n ${PREFIX}-s3 addr add 192.0.2.2/32 dev eth0`);
  try {
    await box.apply<ApplyResult>(`${DOCUMENT}# again\n`.replace('scheduler: rr', 'scheduler: wlc'));
    await until('the alarm', 20_000, async () => (await alarms()).includes('address-duplicate 192.0.2.2'));
  } finally {
    sh(`ip -n ${PREFIX}-s3 addr del 192.0.2.2/32 dev eth0`);
  }
});

test('an own IPv6 address that another machine has is found by neighbour discovery', async () => {
  const six = DOCUMENT.replace('10/24 }', '10/24, address6: "2001:db8::10/64" }')
    .replace('a: { public: 198.51.100.2/24,', 'a: { public6: "2001:db8::2/64", public: 198.51.100.2/24,')
    .replace('b: { public: 198.51.100.3/24,', 'b: { public6: "2001:db8::3/64", public: 198.51.100.3/24,');
  await box.apply(six);
  sh(`ip -n ${PREFIX}-client -6 addr add 2001:db8::2/128 dev eth0 nodad`);
  try {
    assert.match((await found()).join(), /^address-duplicate: [0-9a-f:]{17} answers on eth0 for 2001:db8::2,/);
  } finally {
    sh(`ip -n ${PREFIX}-client -6 addr del 2001:db8::2/128 dev eth0`);
    await box.apply(DOCUMENT);
  }
});

test('swapped cables are found by who answers where, and gone when they are put right', async () => {
  // The two wires change places at their far ends: eth0 of this box then leads to the servers' bridge.
  const swap = (outer: string, inner: string): void =>
    void sh(`
      ip -n ${PREFIX}-client link set ${outer} down; ip -n ${PREFIX}-lan link set ${inner} nomaster down
      ip -n ${PREFIX}-client link set ${outer} name moved netns ${PREFIX}-lan
      ip -n ${PREFIX}-lan link set ${inner} name eth0 netns ${PREFIX}-client
      ip -n ${PREFIX}-lan link set moved name uplink
      ip -n ${PREFIX}-lan link set uplink master br0 up
      ip -n ${PREFIX}-client addr replace 198.51.100.1/24 dev eth0
      ip -n ${PREFIX}-client link set eth0 up
    `);
  swap('eth0', 'uplink');
  try {
    const [first, ...more] = await found();
    assert.deepEqual(more, []);
    assert.match(
      first ?? '',
      /^cables-swapped: on the other side’s NIC answers the gateway \(198\.51\.100\.1, public side\), a real server \(192\.0\.2\.11, private side\)/,
    );
    assert.ok((await alarms()).includes('cables-swapped eth0, eth1'));
  } finally {
    swap('eth0', 'uplink');
  }
});

test('one MTU here and another on the other side is told; a tunnel without room is told before it is applied', async () => {
  sh('ip link set eth1 mtu 1400');
  try {
    assert.deepEqual(await found(), ['mtu-sides: eth0 has an MTU of 1500, eth1 of 1400']);
  } finally {
    sh('ip link set eth1 mtu 1500');
  }
  const tunnel = DOCUMENT.replace(
    's2, address: 192.0.2.12, port: 8080 }',
    's2, address: 192.0.2.12, port: 80, forwarding: tunnel }',
  );
  const { warnings } = await box.ask<LintResult>({ do: 'lint', text: tunnel });
  assert.match(
    warnings.map(({ remedy }) => remedy).join(),
    /1480 fit into the tunnel on eth1 \(MTU 1500, header 20\) to s2/,
  );
  sh('ip link set eth1 mtu 1520');
  try {
    assert.deepEqual((await box.ask<LintResult>({ do: 'lint', text: tunnel })).warnings, []);
  } finally {
    sh('ip link set eth1 mtu 1500');
  }
});

test('strict reverse path filtering that somebody sets for all NICs is named', async () => {
  sh('sysctl -qw net.ipv4.conf.all.rp_filter=1');
  try {
    assert.deepEqual(await found(), ['rp-filter-strict: net.ipv4.conf.all.rp_filter is 1, strict']);
  } finally {
    sh('sysctl -qw net.ipv4.conf.all.rp_filter=0');
  }
});

test('a route that sends packets for a server out of the public NIC is named', async () => {
  sh('ip route add 192.0.2.12/32 via 198.51.100.1');
  try {
    assert.deepEqual(await found(), [
      'route-asymmetric: packets to web/s2 (192.0.2.12) leave by eth0, and their answers should come by eth1',
    ]);
  } finally {
    sh('ip route del 192.0.2.12/32');
  }
});

test('a carrier that comes and goes is found while the box runs', async () => {
  sh(`for i in 1 2 3 4; do
    ip -n ${PREFIX}-client link set eth0 down; ip -n ${PREFIX}-client link set eth0 up
    ip link show eth0 | grep -q LOWER_UP
  done`);
  await until('the alarm', 30_000, async () => (await alarms()).includes('nic-flaps eth0'));
  assert.match((await found()).join(), /^nic-flaps: the carrier of eth0 changed \d+ times in the last minute$/);
  await until('its end', 100_000, async () => !(await alarms()).includes('nic-flaps eth0'));
});

/** A caller inside a namespace, with its own address; it may wait in vain. */
async function call(space: string): Promise<void> {
  sockets.push((await within(space, () => connect(80, '198.51.100.10'))).on('error', () => {}));
}

test('a real server that calls the service, and a neighbour of it, are told as clients that are answered past this box, by packets', async () => {
  await call(`${PREFIX}-s1`);
  await call(`${PREFIX}-s3`);
  await call(`${PREFIX}-client`);
  const lines = await found();
  assert.equal(lines.length, 2);
  assert.match(lines[0]!, /^hairpin-clients: the real server s1 \(192\.0\.2\.11\) called web itself, and got s[12]$/);
  assert.match(
    lines[1]!,
    /^clients-beside-servers: 192\.0\.2\.13 called web out of the servers’ own network, and got s[12]$/,
  );
  const { findings } = await box.status();
  assert.equal(findings, 2, 'they are counted, and raise no alarm');
});
