import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApplyResult, LintResult, PlanResult } from '../../../../src/model/control.ts';
import { TandemError } from '../../../../src/model/error.ts';
import type { Status } from '../../../../src/model/status.ts';
import { figures } from '../../../fakes/eyes.ts';
import { rackText } from '../../../fakes/rackDocument.ts';
import { Box, join } from './bench.ts';

/** What reads the fakes' promises to their end. */
const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

/** The kernel makes them with the addresses. */
const CONNECTED = [
  { destination: '198.51.100.0/24', gateway: undefined, device: 'eth0' },
  { destination: '192.0.2.0/24', gateway: undefined, device: 'eth1' },
];

function sound(name: 'a' | 'b' = 'a'): Box {
  const box = new Box(name);
  box.kernel.network.table.push(...CONNECTED);
  return box;
}

async function running() {
  const box = sound();
  const { controller, ask } = await box.start(rackText());
  const lint = async (text?: string) =>
    (await ask({ do: 'lint', ...(text === undefined ? {} : { text }) })) as LintResult;
  const alarms = () =>
    controller.alarms
      .list()
      .filter(({ code }) => !['server-down', 'service-down'].includes(code))
      .map(({ code, subject }) => `${code} ${subject}`);
  return { box, controller, ask, lint, alarms };
}

const stranger = { device: 'eth0', address: '198.51.100.2', mac: '02:de:ad:00:00:01' };

test('a sound box has no finding, and its eyes are bounded in what they ask', async () => {
  const { box, lint, controller } = await running();
  assert.deepEqual(await lint(), { node: 'a', findings: [], warnings: [] });
  assert.ok(box.eyes.asked.every((questions) => questions.length <= 24));
  controller.close();
});

test('another machine with the box’s own address is found soon after a document came into force, raises an alarm, and is asked for again until it has gone', async () => {
  const { box, alarms, controller } = await running();
  box.eyes.wires = [stranger];
  box.clock.advance(5_000);
  await settle();
  assert.deepEqual(alarms(), ['address-duplicate 198.51.100.2']);
  const asked = box.eyes.asked.length;
  box.eyes.wires = [];
  box.clock.advance(30_000);
  await settle();
  assert.equal(box.eyes.asked.length, asked + 1);
  assert.deepEqual(alarms(), []);
  box.clock.advance(290_000);
  await settle();
  assert.equal(box.eyes.asked.length, asked + 1, 'every five minutes while all is well');
  box.clock.advance(10_000);
  await settle();
  assert.equal(box.eyes.asked.length, asked + 2);
  controller.close();
});

test('a document that comes into force while answers are waited for is followed by a look of its own', async () => {
  const { box, ask, alarms, controller } = await running();
  box.eyes.waits = Promise.withResolvers<void>();
  box.clock.advance(5_000);
  const { resolve } = box.eyes.waits;
  box.eyes.waits = undefined;
  await ask({ do: 'apply', text: rackText((text) => text.replace('scheduler: rr', 'scheduler: wlc')), author: 'test' });
  resolve();
  await settle();
  box.eyes.wires = [stranger];
  box.clock.advance(5_000);
  await settle();
  assert.deepEqual(alarms(), ['address-duplicate 198.51.100.2']);
  controller.close();
});

test('an answer of the box’s own other NIC is none', async () => {
  const { box, lint, controller } = await running();
  box.eyes.wires = [{ ...stranger, mac: box.kernel.network.links()[1]!.mac }];
  assert.deepEqual((await lint()).findings, []);
  controller.close();
});

test('a finding that is worth waking nobody is counted in the status and raises no alarm', async () => {
  const { box, ask, lint, alarms, controller } = await running();
  box.eyes.nics.set('eth1', figures({ mtu: 9000 }));
  box.eyes.balanced = [{ client: '192.0.2.11', address: '198.51.100.10', port: 80, server: '192.0.2.12' }];
  box.kernel.sysctls.values.set('net.ipv4.conf.all.rp_filter', '1');
  const { findings } = await lint();
  assert.deepEqual(
    findings.map(({ code, alarm }) => [code, alarm]),
    [
      ['rp-filter-strict', false],
      ['hairpin-clients', false],
      ['mtu-sides', false],
    ],
  );
  assert.ok(findings.every(({ why, remedy }) => why !== '' && remedy !== ''));
  assert.deepEqual(alarms(), []);
  assert.equal(((await ask({ do: 'status' })) as Status).findings, 3);
  controller.close();
});

test('a flapping carrier raises one alarm, which ends by itself', async () => {
  const { box, alarms, controller } = await running();
  for (let look = 0; look < 4; look += 1) {
    box.eyes.nics.set('eth0', figures({ carrierChanges: 2 + 3 * look }));
    box.clock.advance(10_000);
  }
  assert.deepEqual(alarms(), ['nic-flaps eth0']);
  for (let look = 0; look < 7; look += 1) box.clock.advance(10_000);
  assert.deepEqual(alarms(), []);
  assert.equal(box.events('alarm').filter((text) => text.includes('nic-flaps')).length, 1);
  controller.close();
});

test('the twin’s NICs are compared with the box’s own as long as the twin answers', async () => {
  const [a, b] = [sound('a'), sound('b')];
  b.eyes.nics.set('eth1', figures({ mtu: 9000, speed: 10_000 }));
  const one = await a.start(rackText());
  const two = await b.start(rackText());
  join(a.channel, b.channel, true);
  const findings = async () =>
    ((await one.ask({ do: 'lint' })) as LintResult).findings.map(({ code, text }) => `${code}: ${text}`);
  assert.deepEqual(await findings(), [
    'mtu-differs: the private side has an MTU of 1500 here (eth1) and of 9000 on b',
    'nic-slow: eth1 has 1 Gbit/s, the twin’s NIC of the private side 10 Gbit/s',
  ]);
  assert.deepEqual(
    one.controller.alarms.list().map(({ code }) => code),
    ['mtu-differs', 'nic-slow'],
  );
  join(a.channel, b.channel, false);
  assert.deepEqual(await findings(), []);
  one.controller.close();
  two.controller.close();
});

const beside = rackText((text) => text.replace('port: 80\n', 'port: 80\n    address: 192.0.2.1\n'));

test('what a document would bring is said by its paths before and when it is applied, and stands afterwards', async () => {
  const { ask, lint, controller } = await running();
  const path = 'services[0].address';
  const plan = (await ask({ do: 'plan', text: beside })) as PlanResult;
  assert.deepEqual(
    plan.warnings.map((warning) => warning.path),
    [path],
  );
  assert.match(
    plan.warnings[0]!.remedy,
    /^is in the servers’ own network: .* wait in vain, while all others are served; move/,
  );
  assert.deepEqual(
    (await lint(beside)).warnings.map((warning) => warning.path),
    [path],
  );
  assert.deepEqual((await lint()).findings, []);
  const applied = (await ask({ do: 'apply', text: beside, author: 'test' })) as ApplyResult;
  assert.deepEqual(
    applied.warnings.map((warning) => warning.path),
    [path],
  );
  assert.deepEqual(
    (await lint()).findings.map(({ code, subject }) => `${code} ${subject}`),
    ['clients-beside-servers web'],
  );
  controller.close();
});

const walled = rackText((text) => `${text}firewall: {}\n`);
const away = { address: '203.0.113.7', port: 22 };

test('a firewall that would lock its author out is warned of, refused, and applied when forced; one that he lives with is not refused', async () => {
  const { box, ask, controller } = await running();
  box.kernel.network.table.push({ destination: '0.0.0.0/0', gateway: '198.51.100.1', device: 'eth0' });
  const plan = (await ask({ do: 'plan', text: walled, login: away })) as PlanResult;
  assert.match(plan.warnings[0]!.remedy, /^you are logged in from 203\.0\.113\.7 at TCP port 22 by eth0/);
  const changes = box.kernel.changes();
  await assert.rejects(ask({ do: 'apply', text: walled, author: 'cli:root', login: away }), (error) => {
    assert.ok(error instanceof TandemError);
    assert.equal(error.code, 'refused');
    assert.match(error.remedy ?? '', /--force/);
    assert.deepEqual([error.faults[0]?.path, error.forcible], ['firewall.allow', true]);
    return true;
  });
  assert.equal(box.store.rows.length, 1);
  assert.equal(box.kernel.changes(), changes);
  const forced = { do: 'apply', text: walled, author: 'cli:root', login: away, force: true } as const;
  assert.equal(((await ask(forced)) as ApplyResult).revision, 2);
  const next = `${walled}# again\n`.replace('scheduler: rr', 'scheduler: wlc');
  assert.equal(((await ask({ do: 'apply', text: next, author: 'cli:root', login: away })) as ApplyResult).revision, 3);
  controller.close();
});

test('without a login, or with one from the private side, the firewall is applied', async () => {
  const { ask, controller } = await running();
  const login = { address: '192.0.2.99', port: 22 };
  const { warnings } = (await ask({ do: 'apply', text: walled, author: 'console', login })) as ApplyResult;
  assert.deepEqual(warnings, []);
  controller.close();
});
