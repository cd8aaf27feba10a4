import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ApplyResult, DrainResult, DriftResult, PlanResult } from '../../src/model/control.ts';
import { driftWords } from '../../src/model/drift.ts';
import {
  Client,
  ControllerBox,
  destinationCounters,
  EchoServer,
  quietCounters,
  savedTable,
  until,
} from './controllerBox.ts';
import { enterNamespace, sh } from './netns.ts';
import { buildSegments, holdFloats } from './segments.ts';

/** The controller as a process on a real kernel: a client behind a gateway, router a, three real servers. */

const PREFIX = 'ctl';
const INTERVAL = 1000;
const FALL = 2;

const documentText = (change: (text: string) => string = (text) => text): string =>
  change(`tandem: 1
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
    check: { type: tcp, interval_ms: ${INTERVAL}, timeout_ms: 300, rise: 2, fall: ${FALL} }
    servers:
      - { name: s1, address: 192.0.2.11, port: 8080, weight: 1 }
      - { name: s2, address: 192.0.2.12, port: 8080, weight: 1 }
      - { name: s3, address: 192.0.2.13, port: 8080, weight: 1 }
`);

const client = `${PREFIX}-client`;
const servers = ['s1', 's2', 's3'].map((name) => new EchoServer(`${PREFIX}-${name}`, name));
let box: ControllerBox;
let segments: { remove: () => void } | undefined;
let forwarding = '';

const readForwarding = (): string => sh('cat /proc/sys/net/ipv4/ip_forward').trim();

const weightOf = (address: string): number =>
  Number(new RegExp(`-r ${address}:8080 .*-w (\\d+)`).exec(sh('ipvsadm -Sn'))?.[1] ?? Number.NaN);

const drifts = async () => (await box.ask<DriftResult>({ do: 'drift', since: 3_600_000, limit: 1000 })).rows;

before(async () => {
  enterNamespace();
  segments = buildSegments(PREFIX);
  holdFloats();
  forwarding = readForwarding();
  for (const server of servers) await server.start();
  box = new ControllerBox();
  await box.start();
});

after(async () => {
  await box.remove();
  for (const server of servers) await server.stop();
  segments?.remove();
});

test('without a document the kernel is left alone', () => {
  assert.equal(sh('ipvsadm -Sn'), '');
  assert.equal(readForwarding(), forwarding);
  assert.doesNotMatch(sh('ip -br addr show eth0'), /198\.51\.100\.2\//);
});

test('an applied document is what ipvsadm, ip and sysctl show', async () => {
  const result = await box.apply<ApplyResult>(documentText());
  assert.deepEqual(result.refused, []);
  assert.equal(result.revision, 1);
  assert.ok(result.steps.includes('-a -t 198.51.100.10:80 -r 192.0.2.11:8080 -m -w 1'), result.steps.join('\n'));
  assert.equal(
    savedTable(),
    [
      '-A -t 198.51.100.10:80 -s rr',
      '-a -t 198.51.100.10:80 -r 192.0.2.11:8080 -m -w 1',
      '-a -t 198.51.100.10:80 -r 192.0.2.12:8080 -m -w 1',
      '-a -t 198.51.100.10:80 -r 192.0.2.13:8080 -m -w 1',
    ].join('\n'),
  );
  const daemons = sh('ipvsadm -l --daemon');
  assert.match(daemons, /master sync daemon \(mcast=eth1, syncid=\d+/);
  assert.match(daemons, /backup sync daemon \(mcast=eth1, syncid=\d+/);
  assert.match(sh('ip -br addr show eth0'), /198\.51\.100\.2\/24/);
  assert.equal(readForwarding(), '1');
  assert.match(sh('ip route show default'), /via 198\.51\.100\.1 dev eth0/);
  for (const name of ['all', 'default', 'eth0', 'eth1']) {
    assert.equal(sh(`cat /proc/sys/net/ipv4/conf/${name}/send_redirects`).trim(), '0', name);
  }
  assert.equal(sh('cat /proc/sys/net/ipv4/vs/sync_threshold').trim(), '0\t1');
});

test('the client gets answers from all three servers through the VIP; they see the client’s own address', async () => {
  const seen = new Map<string, string>();
  for (let i = 0; i < 6; i += 1) {
    const connection = await Client.open(client);
    const answer = await connection.exchange();
    seen.set(answer.server, answer.seen);
    connection.close();
  }
  assert.deepEqual([...seen].sort(), [
    ['s1', '203.0.113.10'],
    ['s2', '203.0.113.10'],
    ['s3', '203.0.113.10'],
  ]);
});

test('killed and started again: no kernel change, counters go on, an open connection lives', async () => {
  const connection = await Client.open(client);
  const first = await connection.exchange();
  const table = savedTable();
  const before = await quietCounters();
  assert.ok(
    [...before.values()].every((line) => Number(line.split(' ')[0]) > 0),
    'each server was in use',
  );

  await box.end('SIGKILL');
  assert.equal((await connection.exchange()).server, first.server);
  await box.start();

  assert.equal(savedTable(), table);
  const [adopted] = await box.events('reconciled');
  assert.match(adopted!.text, /^start: 0 steps, and the kernel holds it$/);
  assert.deepEqual(await drifts(), []);
  assert.equal((await connection.exchange()).server, first.server);
  const after = destinationCounters();
  for (const [address, counters] of before) {
    const [was, is] = [counters, after.get(address)!].map((line) => line.split(' ').map(Number));
    assert.ok(
      was!.every((value, index) => is![index]! >= value),
      `${address}: ${was} became ${is}`,
    );
  }
  connection.close();
});

test('a drained server keeps its open connection and gets no new ones, over a restart too, until it is enabled', async () => {
  const connection = await Client.open(client);
  const { server } = await connection.exchange();
  const name = `web/${server}`;
  const use = (what: 'drain' | 'enable') => box.ask<DrainResult>({ do: what, server: name, author: 'test' });
  const drained = await use('drain');
  assert.deepEqual([drained.changed, drained.warnings], [true, []]);
  assert.ok(drained.connections >= 1, `${drained.connections} connections`);
  await box.end('SIGKILL');
  await box.start();
  for (let i = 0; i < 6; i += 1) {
    const fresh = await Client.open(client);
    assert.notEqual((await fresh.exchange()).server, server);
    fresh.close();
  }
  assert.equal((await connection.exchange()).server, server);
  connection.close();
  await use('enable');
  const seen = new Set<string>();
  for (let i = 0; i < 6; i += 1) {
    const fresh = await Client.open(client);
    seen.add((await fresh.exchange()).server);
    fresh.close();
  }
  assert.ok(seen.has(server), [...seen].join());
});

test('a killed server loses its weight within fall × interval, and gets it back when it returns', async (t) => {
  const [server] = servers;
  await server!.stop();
  const down = await until('weight 0', FALL * INTERVAL + 1000, () => weightOf('192.0.2.11') === 0);
  t.diagnostic(`weight 0 after ${down.toFixed(0)} ms (fall × interval = ${FALL * INTERVAL} ms)`);
  assert.ok(down <= FALL * INTERVAL, `${down.toFixed(0)} ms`);
  const status = await box.status();
  assert.equal(status.services[0]!.servers[0]!.reason, 'refused');
  assert.ok(status.alarms.some((alarm) => alarm.code === 'server-down' && alarm.subject === 'web/s1'));

  await server!.start();
  const up = await until('weight 1', 3 * INTERVAL + 1000, () => weightOf('192.0.2.11') === 1);
  t.diagnostic(`weight 1 after ${up.toFixed(0)} ms (rise × interval = ${2 * INTERVAL} ms)`);
  assert.deepEqual((await box.status()).alarms, []);
});

test('a server that has fallen silent is timed out, and a restart of the controller keeps it out', async () => {
  sh(`ip -n ${PREFIX}-s2 link set eth0 down`);
  await until('weight 0', FALL * INTERVAL + 3000, () => weightOf('192.0.2.12') === 0);
  assert.equal((await box.status()).services[0]!.servers[1]!.reason, 'timed out');
  await box.end('SIGKILL');
  await box.start();
  assert.equal(weightOf('192.0.2.12'), 0);
  assert.match((await box.events('reconciled'))[0]!.text, /^start: 0 steps/);
  sh(`ip -n ${PREFIX}-s2 link set eth0 up; ip -n ${PREFIX}-s2 route replace default via 192.0.2.1`);
  await until('weight 1', 6 * INTERVAL, () => weightOf('192.0.2.12') === 1);
});

test('a slow start goes on where it was when the controller is killed in the middle of it', async (t) => {
  const slow = (text: string): string =>
    text.replaceAll('weight: 1 }', 'weight: 100 }').replace('scheduler: rr', 'scheduler: rr\n    slow_start_s: 300');
  await box.apply(documentText(slow));
  const [server] = servers;
  await server!.stop();
  await until('weight 0', FALL * INTERVAL + 3000, () => weightOf('192.0.2.11') === 0);
  await server!.start();
  await until('a part of the weight', 10_000, () => weightOf('192.0.2.11') > 0);
  const before = weightOf('192.0.2.11');
  await box.end('SIGKILL');
  await box.start();
  await until('a verdict of its own', 10_000, async () => (await box.status()).services[0]!.servers[0]!.reason !== '');
  const after = weightOf('192.0.2.11');
  t.diagnostic(`weight ${before} before, ${after} after`);
  assert.ok(after >= before && after < 100, `${before} became ${after}`);
  assert.equal(weightOf('192.0.2.13'), 100);
  await box.apply(documentText());
});

test('a service that somebody deletes is back within 2 s and in the ledger', async (t) => {
  const table = savedTable();
  sh('ipvsadm -D -t 198.51.100.10:80');
  const repaired = await until('repair', 4000, () => savedTable() === table);
  t.diagnostic(`repaired after ${repaired.toFixed(0)} ms`);
  assert.ok(repaired <= 2000, `${repaired.toFixed(0)} ms`);
  const found = (await drifts()).map(driftWords);
  assert.ok(found.includes('service tcp 198.51.100.10:80: was -s rr, found gone'), found.join());
  assert.equal(found.length, 4);
});

test('a sysctl and an address that somebody changes are put back', async () => {
  sh('echo 1 > /proc/sys/net/ipv4/conf/eth0/send_redirects; ip addr del 192.0.2.2/24 dev eth1');
  await until('repair', 4000, () => sh('ip -br addr show eth1').includes('192.0.2.2/24'));
  await until('repair', 4000, () => sh('cat /proc/sys/net/ipv4/conf/eth0/send_redirects').trim() === '0');
  assert.match(sh('ip -br addr show eth1'), /192\.0\.2\.1\/24/, 'the float is not the controller’s to touch');
});

test('an edited weight touches its own destination and nobody else’s counters', async () => {
  const open: Client[] = [];
  for (let i = 0; i < 3; i += 1) {
    open.push(await Client.open(client));
    await open[i]!.exchange();
  }
  const before = await quietCounters();
  const edited = documentText((text) => text.replace('12, port: 8080, weight: 1', '12, port: 8080, weight: 7'));
  const plan = await box.ask<PlanResult>({ do: 'plan', text: edited });
  const result = await box.apply<ApplyResult>(edited);
  assert.deepEqual(plan.steps, ['-e -t 198.51.100.10:80 -r 192.0.2.12:8080 -m -w 7']);
  assert.deepEqual(result.steps, plan.steps);
  const after = await quietCounters();
  for (const address of ['192.0.2.11:8080', '192.0.2.13:8080']) assert.equal(after.get(address), before.get(address));
  assert.equal(after.get('192.0.2.12:8080'), before.get('192.0.2.12:8080'));
  for (const connection of open) connection.close();
});

test('a removed server keeps its open connection, gets no new ones, and goes when the last has ended', async () => {
  const before = await drifts();
  const held: Client[] = [];
  for (
    let i = 0;
    i < 12 && !(await Promise.all(held.map((c) => c.exchange()))).some((a) => a.server === 's3');
    i += 1
  ) {
    held.push(await Client.open(client));
  }
  const without = documentText((text) => text.replace(/ {6}- \{ name: s3.*\n/, ''));
  const result = await box.apply<ApplyResult>(without);
  assert.ok(result.steps.includes('-e -t 198.51.100.10:80 -r 192.0.2.13:8080 -m -w 0'), result.steps.join('\n'));
  assert.equal(weightOf('192.0.2.13'), 0);
  const answers = await Promise.all(held.map((connection) => connection.exchange()));
  assert.ok(answers.some((answer) => answer.server === 's3'));
  for (const connection of held) connection.close();
  assert.deepEqual(await drifts(), before, 'a wanted removal is no drift');
});

test('a wrong document changes neither kernel nor store', async () => {
  const table = savedTable();
  const wrong = documentText((text) => text.replace('scheduler: rr', 'scheduler: best'));
  await assert.rejects(box.apply(wrong), /services\[0\]\.scheduler/);
  assert.equal(savedTable(), table);
});

test('SIGTERM leaves the kernel exactly as it is', async () => {
  const table = savedTable();
  const addresses = sh('ip -br addr');
  await box.end('SIGTERM');
  assert.equal(savedTable(), table);
  assert.equal(sh('ip -br addr'), addresses);
});
