import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Status, statusSchema } from '../../../../src/model/status.ts';
import { rackText } from '../../../fakes/rackDocument.ts';
import { Box, type Running } from './bench.ts';

const INTERVAL = 1000;
/** The rack's document with more said of its first service, and weight 100 on its servers. */
const text = (more: string): string =>
  rackText((plain) =>
    plain.replaceAll('port: 8080 }', 'port: 8080, weight: 100 }').replace('port: 80\n', `port: 80\n    ${more}\n`),
  );

const refused = { ok: false, reason: 'refused' };
const status = async ({ ask }: Running): Promise<Status> => statusSchema.parse(await ask({ do: 'status' }));
const codes = async (running: Running): Promise<string[]> => (await status(running)).alarms.map((alarm) => alarm.code);

const down = (box: Box, ...hosts: number[]): void => {
  for (const host of hosts) box.servers.set(`192.0.2.${host}:8080`, refused);
};
const up = (box: Box, ...hosts: number[]): void => {
  for (const host of hosts) box.servers.delete(`192.0.2.${host}:8080`);
};

const SORRY = 'sorry_server: { address: 192.0.2.99, port: 8080 }';

test('below the quorum new clients go to the sorry server, and above it they come back', async () => {
  const box = new Box();
  const running = await box.start(text(`${SORRY}\n    quorum: 2\n    quorum_by: servers`));
  box.clock.advance(3 * INTERVAL);
  assert.deepEqual(box.weights(80), { 11: 100, 12: 100, 13: 100 });
  down(box, 11, 12);
  box.clock.advance(3 * INTERVAL);
  assert.deepEqual(box.weights(80), { 11: 0, 12: 0, 13: 0, 99: 1 });
  assert.ok((await codes(running)).includes('quorum-lost'));
  assert.equal((await status(running)).services[0]!.sorry, true);
  up(box, 11);
  box.clock.advance(5 * INTERVAL);
  assert.deepEqual(box.weights(80), { 11: 100, 12: 0, 13: 100 });
  assert.ok(!(await codes(running)).includes('quorum-lost'));
});

test('a restart of the controller leaves a sorry server where it is', async () => {
  const box = new Box();
  const document = text(`${SORRY}\n    quorum: 200\n    quorum_hysteresis: 100`).replace(
    /check: .*/,
    'check: { type: none }',
  );
  const first = await box.start(document);
  for (const server of ['s1', 's2', 's3']) await first.ask({ do: 'drain', server: `web/${server}`, author: 'test' });
  await first.ask({ do: 'enable', server: 'web/s1', author: 'test' });
  assert.deepEqual(box.weights(80), { 11: 0, 12: 0, 13: 0, 99: 1 }, 'one server is not enough to have it again');
  first.controller.close();
  const again = await box.start(document);
  assert.deepEqual(box.weights(80), { 11: 0, 12: 0, 13: 0, 99: 1 });
  assert.ok((await codes(again)).includes('quorum-lost'));
});

test('a drained server does not count for the quorum', async () => {
  const box = new Box();
  const { ask } = await box.start(text(`${SORRY}\n    quorum: 300`));
  box.clock.advance(2 * INTERVAL);
  await ask({ do: 'drain', server: 'web/s1', author: 'test' });
  assert.deepEqual(box.weights(80), { 11: 0, 12: 0, 13: 0, 99: 1 });
});

test('the weight of a server that returns grows to what it was, and the ledger is not filled by it', async () => {
  const box = new Box();
  await box.start(text('slow_start_s: 20'));
  box.clock.advance(3 * INTERVAL);
  assert.equal(box.weights(80)[11], 100, 'a server that was never down starts at once');
  down(box, 11);
  box.clock.advance(4 * INTERVAL);
  assert.equal(box.weights(80)[11], 0);
  up(box, 11);
  const seen = new Set<number>();
  const events = box.events('reconciled').length;
  for (let ms = 0; ms < 25 * INTERVAL; ms += 100) {
    box.clock.advance(100);
    seen.add(box.weights(80)[11]!);
  }
  assert.deepEqual([...seen], [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  assert.ok(box.events('reconciled').length - events <= 2, String(box.events('reconciled').length - events));
});

test('an agent’s share is a share of the weight', async () => {
  const box = new Box();
  const document = text('').replace(/check: .*/, 'check: { type: agent, port: 9000 }');
  box.servers.set('192.0.2.12:9000', { ok: true, reason: 'agent: the agent says 30%', share: 30 });
  const running = await box.start(document);
  box.clock.advance(2 * INTERVAL);
  assert.deepEqual(box.weights(80), { 11: 100, 12: 30, 13: 100 });
  box.servers.set('192.0.2.12:9000', { ok: true, reason: 'agent: the agent says drain', share: 0 });
  box.clock.advance(2 * INTERVAL);
  assert.deepEqual(box.weights(80), { 11: 100, 12: 0, 13: 100 });
  assert.equal((await status(running)).services[0]!.servers[1]!.share, 0);
});

test('answers that prove nothing raise checker-stuck and turn no server', async () => {
  const box = new Box();
  const running = await box.start(text(''));
  box.clock.advance(3 * INTERVAL);
  for (const host of [11, 12, 13]) box.servers.set(`192.0.2.${host}:8080`, { ok: null, reason: 'no buffer' });
  box.clock.advance(12 * INTERVAL);
  assert.deepEqual(box.weights(80), { 11: 100, 12: 100, 13: 100 });
  const seen = await status(running);
  assert.deepEqual([seen.alarms.map((alarm) => alarm.code), seen.checks?.stuck], [['checker-stuck'], 3]);
  up(box, 11, 12, 13);
  box.clock.advance(2 * INTERVAL);
  assert.deepEqual(await codes(running), []);
});

test('a certificate that ends soon is an alarm, and the server stays in use', async () => {
  const box = new Box();
  const good = { ok: true, reason: 'tls: TLSv1.3', warning: 'the certificate ends in 5 days' };
  box.servers.set('192.0.2.11:8080', good);
  const running = await box.start(text(''));
  box.clock.advance(2 * INTERVAL);
  const { alarms } = await status(running);
  assert.deepEqual(
    alarms.map((alarm) => alarm.text),
    [
      'server web/s1 (192.0.2.11:8080): the certificate ends in 5 days',
      'server echo/s1 (192.0.2.11:7): the certificate ends in 5 days',
    ],
  );
  assert.equal(box.weights(80)[11], 100);
});

test('questions leave from the box’s own private address', async () => {
  const box = new Box();
  await box.start(text(''));
  box.clock.advance(2 * INTERVAL);
  assert.deepEqual([...box.sources], ['192.0.2.2']);
});
