import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DrainResult } from '../../../../src/model/control.ts';
import type { Status } from '../../../../src/model/status.ts';
import { rackText } from '../../../fakes/rackDocument.ts';
import { Box } from './bench.ts';

async function running() {
  const box = new Box();
  const { ask, controller } = await box.start(rackText());
  box.clock.advance(500);
  const use = (what: 'drain' | 'enable', server: string): Promise<DrainResult> =>
    ask({ do: what, server, author: 'cli:night' }) as Promise<DrainResult>;
  return { box, ask, controller, use };
}

const serverOf = (status: Status, name: string) =>
  status.services.find((service) => service.name === 'web')!.servers.find((server) => server.name === name)!;

test('a drained server gets weight 0 and nothing else is touched; enabled, it has its own weight again', async () => {
  const { box, ask, use } = await running();
  const before = box.weights(80);
  const drained = await use('drain', 'web/s2');
  assert.deepEqual([drained.changed, drained.drained, drained.heldBy, drained.warnings], [true, true, ['a'], []]);
  assert.deepEqual(box.weights(80), { ...before, 12: 0 });
  const shown = serverOf((await ask({ do: 'status' })) as Status, 's2');
  assert.deepEqual([shown.up, shown.drained, shown.weight], [true, true, 0]);
  assert.deepEqual(box.events('drained'), ['web/s2 by cli:night']);
  assert.equal((await use('drain', 'web/s2')).changed, false);

  assert.equal((await use('enable', 'web/s2')).changed, true);
  assert.deepEqual(box.weights(80), before);
  assert.deepEqual(box.events('enabled'), ['web/s2 by cli:night']);
});

test('a check that turns does not bring a drained server back', async () => {
  const { box, use } = await running();
  await use('drain', 'web/s2');
  box.servers.set('192.0.2.12:8080', { ok: false, reason: 'refused' });
  box.clock.advance(10_000);
  box.servers.delete('192.0.2.12:8080');
  box.clock.advance(10_000);
  assert.equal(box.weights(80)[12], 0);
});

test('a controller that starts again keeps what was drained, and does not take it for down', async () => {
  const { box, controller, use } = await running();
  await use('drain', 'web/s2');
  controller.close();
  const changes = box.kernel.changes();
  const again = await box.start();
  assert.equal(box.kernel.changes(), changes);
  const status = (await again.ask({ do: 'status' })) as Status;
  const { up, drained } = serverOf(status, 's2');
  assert.deepEqual([up, drained], [true, true]);
  assert.deepEqual(
    status.alarms.filter((alarm) => alarm.code === 'server-down'),
    [],
  );
});

test('the last server in use can be drained, and the operator is told what that means', async () => {
  const { use } = await running();
  await use('drain', 'web/s1');
  await use('drain', 'web/s2');
  assert.deepEqual((await use('drain', 'web/s3')).warnings, [
    'web has no other server in use: its new clients are refused',
  ]);
});

test('an enabled server that is down is told to be', async () => {
  const { box, use } = await running();
  await use('drain', 'web/s2');
  box.servers.set('192.0.2.12:8080', { ok: false, reason: 'refused' });
  box.clock.advance(10_000);
  assert.match((await use('enable', 'web/s2')).warnings[0]!, /web\/s2 is down/);
  assert.equal(box.weights(80)[12], 0);
});

test('a name that is nobody’s is refused with the names there are, and changes nothing', async () => {
  const { box, use } = await running();
  const changes = box.kernel.changes();
  await assert.rejects(use('drain', 'web/s9'), {
    code: 'not-found',
    message: 'there is no real server "web/s9"',
    remedy: /web\/s1, web\/s2, web\/s3/,
  });
  await assert.rejects(use('enable', 's2'), { code: 'not-found', remedy: /SERVICE\/SERVER; the services are .*web/ });
  assert.deepEqual([box.kernel.changes(), box.store.drained()], [changes, []]);
});

test('what the disk did not take is not done', async () => {
  const { box, use } = await running();
  box.store.full = true;
  const changes = box.kernel.changes();
  await assert.rejects(use('drain', 'web/s2'), { code: 'io' });
  assert.equal(box.kernel.changes(), changes);
});

test('a server that left the document is forgotten: it comes back in use', async () => {
  const { box, ask, use } = await running();
  await use('drain', 'web/s1');
  const without = rackText((text) => text.replace(/ {6}- \{ name: s1.*8080 \}\n/, ''));
  await ask({ do: 'apply', text: without, author: 'cli:night' });
  assert.deepEqual(box.store.drained(), []);
  await ask({ do: 'apply', text: rackText(), author: 'cli:night' });
  assert.equal(box.weights(80)[11], 1);
});
