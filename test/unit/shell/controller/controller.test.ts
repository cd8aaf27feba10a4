import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RETRY_MS } from '../../../../src/shell/controller/laneFile.ts';
import { rackText } from '../../../fakes/rackDocument.ts';
import { Box } from './bench.ts';

/** What was asked for has been done. */
const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

const REFUSED = { ok: false, reason: 'refused' };

/** A box on which the example rack runs and was checked. */
async function running() {
  const box = new Box();
  const { controller, ask } = await box.start(rackText());
  box.clock.advance(500);
  return { box, controller, ask };
}

test('an empty store and no seed: the kernel is left alone and systemd is told that the service is up', async () => {
  const box = new Box();
  await box.start();
  box.clock.advance(10_000);
  assert.equal(box.kernel.changes(), 0);
  assert.ok(box.said.includes('ready'));
  assert.deepEqual(
    box.laneAsked.filter((request) => request.do === 'ready' && request.ready),
    [],
  );
});

test('the seed becomes the first revision, once', async () => {
  const { box, controller } = await running();
  assert.deepEqual(
    box.store.rows.map((row) => [row.number, row.author]),
    [[1, 'seed']],
  );
  controller.close();
  await box.start(rackText((text) => text.replace('scheduler: rr', 'scheduler: wlc')));
  assert.equal(box.store.rows.length, 1);
  assert.equal(box.kernel.ipvs.read().services[0]!.scheduler, 'rr');
});

test('a wrong seed changes nothing and is recorded', async () => {
  const box = new Box();
  await box.start('tandem: 2');
  assert.equal(box.kernel.changes(), 0);
  assert.deepEqual(box.store.rows, []);
  assert.equal(box.events('unreadable-document').length, 1);
});

test('the lane gets its file and the word ready, every second, once the kernel is verified', async () => {
  const { box } = await running();
  assert.equal(box.lanes.at(-1)!.floats.public.label, 'eth0:1');
  assert.ok(box.laneAsked.some((request) => request.do === 'reload'));
  box.laneAsked.length = 0;
  for (let second = 0; second < 5; second += 1) {
    box.clock.advance(1000);
    await Promise.resolve();
    await new Promise((done) => setImmediate(done));
  }
  assert.deepEqual(box.laneAsked, Array(5).fill({ do: 'ready', ready: true, alarms: [] }));
});

test('a kernel that refuses is not ready', async () => {
  const box = new Box();
  box.kernel.sysctls.values.delete('net.ipv4.vs.conntrack');
  const { controller } = await box.start(rackText());
  assert.equal(controller.reconciler.state().verified, false);
  assert.ok(controller.alarms.list().some((alarm) => alarm.code === 'drift' && alarm.subject === 'kernel'));
  assert.ok(!box.said.includes('ready'));
  box.clock.advance(60_000);
  assert.ok(box.said.includes('ready'), 'a person must be able to reach a box that is not right');
});

test('a dead TCP server gets weight 0 within fall × interval, a UDP one is deleted, and both come back', async () => {
  const { box, controller } = await running();
  assert.deepEqual(box.weights(80), { 11: 1, 12: 1, 13: 1 });
  box.servers.set('192.0.2.11:8080', REFUSED);
  box.clock.advance(2000);
  assert.deepEqual(box.weights(80), { 11: 0, 12: 1, 13: 1 });
  assert.deepEqual(box.weights(7), { 12: 1 });
  assert.deepEqual(
    controller.alarms.list().map((alarm) => `${alarm.code} ${alarm.subject}`),
    ['server-down web/s1', 'server-down echo/s1'],
  );
  assert.deepEqual(box.events('server-down'), ['web/s1, echo/s1 is down: refused']);
  box.servers.clear();
  box.clock.advance(3000);
  assert.deepEqual(box.weights(80), { 11: 1, 12: 1, 13: 1 });
  assert.deepEqual(box.weights(7), { 11: 1, 12: 1 });
  assert.deepEqual(controller.alarms.list(), []);
  assert.deepEqual(box.events('drift'), []);
});

test('a service without any server left has its own alarm', async () => {
  const { box, controller } = await running();
  for (const last of [11, 12, 13]) box.servers.set(`192.0.2.${last}:8080`, REFUSED);
  box.clock.advance(2000);
  const codes = controller.alarms.list().map((alarm) => `${alarm.code} ${alarm.subject}`);
  assert.ok(codes.includes('service-down web') && codes.includes('service-down echo'), codes.join());
});

test('a hundred servers that fall together fill neither ledger nor kernel with more than there is to say', async () => {
  const box = new Box();
  const list = Array.from(
    { length: 100 },
    (_, i) => `      - { name: n${i}, address: 192.0.2.${20 + i}, port: 8080 }\n`,
  );
  await box.start(rackText((text) => text.replace('  - name: echo', `${list.join('')}  - name: echo`)));
  box.clock.advance(500);
  const before = box.kernel.ipvs.log.length;
  for (let i = 0; i < 100; i += 1) box.servers.set(`192.0.2.${20 + i}:8080`, REFUSED);
  box.clock.advance(3000);
  assert.equal(Object.values(box.weights(80)).filter((weight) => weight === 0).length, 100);
  assert.equal(box.kernel.ipvs.log.length - before, 100);
  assert.ok(box.events('server-down').length <= 2, `${box.events('server-down').length} events`);
});

test('a restart changes nothing in the kernel and keeps a dead server out', async () => {
  const { box, controller } = await running();
  box.servers.set('192.0.2.12:8080', REFUSED);
  box.clock.advance(3000);
  const changes = box.kernel.changes();
  controller.close();
  assert.equal(box.clock.timers, 0);
  const again = await box.start();
  assert.equal(box.kernel.changes(), changes);
  assert.ok(again.controller.reconciler.state().verified);
  box.clock.advance(10_000);
  assert.equal(box.kernel.changes(), changes);
});

test('a restart does not take a single failed check for the truth', async () => {
  const { box, controller } = await running();
  controller.close();
  box.servers.set('192.0.2.11:8080', REFUSED);
  await box.start();
  box.clock.advance(201);
  box.servers.clear();
  box.clock.advance(5000);
  assert.deepEqual(box.events('server-down'), []);
});

test('closing ends every timer, says so, and leaves the kernel as it is', async () => {
  const { box, controller } = await running();
  const changes = box.kernel.changes();
  controller.close();
  box.clock.advance(60_000);
  assert.equal(box.kernel.changes(), changes);
  assert.equal(box.said.at(-1), 'stopping');
});

test('the watchdog is fed while the loop goes round', async () => {
  const { box } = await running();
  box.said.length = 0;
  box.clock.advance(30_000);
  assert.equal(box.said.filter((word) => word === 'alive').length, 30);
});

test('a box that starts on a full disk routes, and tells the lane when there is room', async () => {
  const { box, controller } = await running();
  controller.close();
  box.laneDiskFull = true;
  const reloads = (): number => box.laneAsked.filter((request) => request.do === 'reload').length;
  const before = reloads();
  const again = await box.start();
  box.clock.advance(500);
  const told = (): string | undefined =>
    again.controller.alarms.list().find(({ code }) => code === 'lane-not-told')?.text;
  assert.equal(told(), 'the pair lane was not told the document: lane.json could not be written: disk full');
  assert.ok(again.controller.reconciler.state().verified);
  assert.equal(reloads(), before);
  const written = box.lanes.length;
  box.laneDiskFull = false;
  box.clock.advance(RETRY_MS);
  await turn();
  assert.equal(told(), undefined);
  assert.deepEqual([box.lanes.length, reloads()], [written + 1, before + 1]);
  box.clock.advance(2 * RETRY_MS);
  await turn();
  assert.equal(box.lanes.length, written + 1, 'once');
  again.controller.close();
});

test('a full disk does not stop checks and repairs', async () => {
  const { box } = await running();
  box.store.full = true;
  box.servers.set('192.0.2.11:8080', REFUSED);
  box.clock.advance(2000);
  assert.deepEqual(box.weights(80), { 11: 0, 12: 1, 13: 1 });
});
