import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WORD_MS } from '../../../../src/core/health/index.ts';
import type { Answer, LaneRequest } from '../../../../src/model/control.ts';
import { type Status, statusSchema } from '../../../../src/model/status.ts';
import { rackText } from '../../../fakes/rackDocument.ts';
import { Box, join, type Running } from './bench.ts';

const refused = { ok: false, reason: 'refused' };
/** This box cannot ask. */
const mute = { ok: null, reason: 'no address' };
const host = (n: number): string => `192.0.2.${n}:8080`;

/** The rack's document with more said of its first service, weight 100 on its servers. */
const text = (more = ''): string =>
  rackText((plain) =>
    plain
      .replaceAll('port: 8080 }', 'port: 8080, weight: 100 }')
      .replace('port: 80\n', `port: 80\n${more === '' ? '' : `    ${more}\n`}`),
  );

const SLOW = 'slow_start_s: 60';
/** Lost below 100, had again from 300 on. */
const QUORUM = 'sorry_server: { address: 192.0.2.99, port: 8080 }\n    quorum: 200\n    quorum_hysteresis: 100';

const says =
  (role: string) =>
  (request: LaneRequest): Answer => ({
    ok: true,
    result: request.do === 'ready' ? { role } : {},
  });

/** Time passes on the boxes alike, and what is said arrives. */
async function pass(ms: number, ...boxes: Box[]): Promise<void> {
  for (let left = ms; left > 0; left -= 500) {
    for (const box of boxes) box.clock.advance(Math.min(500, left));
    for (let i = 0; i < 5; i += 1) await new Promise((done) => setImmediate(done));
  }
}

async function pair(document = text(), prepare: (a: Box, b: Box) => void = () => {}) {
  const [a, b] = [new Box('a'), new Box('b')];
  a.laneAnswer = says('active');
  b.laneAnswer = says('standby');
  prepare(a, b);
  const onA = await a.start(document);
  await pass(4000, a);
  const begin = async (): Promise<Running> => {
    const onB = await b.start(document);
    join(a.channel, b.channel, true);
    await pass(1500, a, b);
    return onB;
  };
  return { a, b, onA, begin };
}

const differing = async ({ ask }: Running): Promise<[string, string][]> => {
  const status: Status = statusSchema.parse(await ask({ do: 'status' }));
  return status.alarms.flatMap(({ code, subject, text }) => (code === 'health-differs' ? [[subject, text]] : []));
};

test('a way that is cut on one side is named on both boxes in the same words, and no more when it is mended', async () => {
  const { a, b, onA, begin } = await pair();
  const onB = await begin();
  await pass(10_000, a, b);
  a.servers.set(host(12), refused);
  await pass(5000, a, b);
  assert.deepEqual(await differing(onA), [], 'not yet');
  await pass(8000, a, b);
  const named = [['web/s2', 'web/s2 (192.0.2.12:8080): a finds it down (refused), b finds it up (connected)']];
  assert.deepEqual(await differing(onA), named);
  assert.deepEqual(await differing(onB), named);
  a.servers.delete(host(12));
  await pass(5000, a, b);
  assert.deepEqual([await differing(onA), await differing(onB)], [[], []]);
  const told = (box: Box): number =>
    box.events('alarm').filter((line) => line.startsWith('health-differs web/s2')).length;
  assert.deepEqual([told(a), told(b)], [1, 1]);
});

test('a server that is down for both is no difference, and neither is a twin that is gone', async () => {
  const { a, b, onA, begin } = await pair();
  const onB = await begin();
  for (const box of [a, b]) box.servers.set(host(12), refused);
  await pass(20_000, a, b);
  assert.deepEqual([await differing(onA), await differing(onB)], [[], []]);
  a.servers.set(host(11), refused);
  await pass(20_000, a, b);
  assert.equal((await differing(onA)).length, 1);
  join(a.channel, b.channel, false);
  await pass(WORD_MS - 2000, a, b);
  assert.equal((await differing(onA)).length, 1, 'a short break takes nothing back');
  await pass(4000, a, b);
  assert.deepEqual([await differing(onA), await differing(onB)], [[], []]);
});

test('a box that has not asked yet, or cannot, goes by what its twin has proved', async () => {
  const { b, begin } = await pair(text(), (a, standby) => {
    a.servers.set(host(12), refused);
    for (const n of [11, 12, 13]) standby.servers.set(host(n), mute);
  });
  const onB = await begin();
  assert.deepEqual(b.weights(80), { 11: 100, 12: 0, 13: 100 });
  const status: Status = statusSchema.parse(await onB.ask({ do: 'status' }));
  const s2 = status.services[0]!.servers[1]!;
  assert.deepEqual([s2.up, s2.reason], [false, 'refused']);
});

test('verdicts of another document are not used', async () => {
  const box = new Box('b');
  for (const n of [11, 12, 13]) box.servers.set(host(n), mute);
  const { controller } = await box.start(text());
  box.channel.ears!.opened();
  const words = [{ server: 'web/s1', verdict: 'down', reason: 'refused', risenMs: null } as const];
  const say = (digest: string): void =>
    box.channel.ears!.heard({
      do: 'health',
      digest,
      first: true,
      owns: true,
      lost: ['web'],
      words: [...words],
      more: false,
    });
  say('ab');
  await pass(1000, box);
  assert.deepEqual(box.weights(80), { 11: 100, 12: 100, 13: 100 });
  say(controller.active()!.digest);
  await pass(1000, box);
  assert.deepEqual(box.weights(80), { 11: 0, 12: 100, 13: 100 });
});

/** A server of the box comes back, and half of its slow start passes. */
async function halfUp(box: Box, ...others: Box[]): Promise<number> {
  box.servers.set(host(11), refused);
  await pass(4000, box, ...others);
  assert.equal(box.weights(80)[11], 0);
  box.servers.delete(host(11));
  await pass(30_000, box, ...others);
  const weight = box.weights(80)[11]!;
  assert.ok(weight >= 40 && weight <= 60, `${weight}`);
  return weight;
}

test('a slow start goes on over a restart of the controller, also when it was killed', async () => {
  const { a, onA } = await pair(text(SLOW));
  const weight = await halfUp(a);
  const kept = a.kept;
  onA.controller.close();
  a.kept = kept;
  await a.start();
  assert.equal(a.weights(80)[11], weight);
  await pass(12_000, a);
  const later = a.weights(80)[11]!;
  assert.ok(later > weight && later < 100, `${later}`);
  await pass(30_000, a);
  assert.equal(a.weights(80)[11], 100);
});

test('a slow start goes on on a twin that comes up in the middle of it', async () => {
  const { a, b, begin } = await pair(text(SLOW));
  const weight = await halfUp(a);
  await begin();
  const taken = b.weights(80)[11]!;
  assert.ok(taken >= weight && taken <= weight + 10, `${taken}, here ${weight}`);
  assert.equal(b.weights(80)[12], 100);
  await pass(40_000, a, b);
  assert.equal(b.weights(80)[11], 100);
});

test('what a controller knew long ago is not used: the kernel’s table says what was in use, and the twin what is', async () => {
  const { a, b, onA, begin } = await pair(text());
  const onB = await begin();
  a.servers.set(host(11), refused);
  await pass(5000, a, b);
  join(a.channel, b.channel, false);
  onA.controller.close();
  await pass(70_000, a, b);
  for (const n of [11, 12, 13]) a.servers.set(host(n), mute);
  const again = await a.start();
  assert.equal(a.weights(80)[11], 0, 'by the kernel');
  join(a.channel, b.channel, true);
  await pass(1500, a, b);
  assert.equal(a.weights(80)[11], 100, 'by the twin');
  again.controller.close();
  onB.controller.close();
});

test('a lost quorum stays lost over a restart, with its servers as they were', async () => {
  const { a, onA } = await pair(text(QUORUM));
  for (const n of [11, 12, 13]) a.servers.set(host(n), refused);
  await pass(4000, a);
  for (const n of [11, 12]) a.servers.delete(host(n));
  await pass(6000, a);
  const lost = { 11: 0, 12: 0, 13: 0, 99: 1 };
  assert.deepEqual(a.weights(80), lost, '200 of 300 do not bring it back');
  onA.controller.close();
  const again = await a.start();
  await pass(500, a);
  assert.deepEqual(a.weights(80), lost);
  const status: Status = statusSchema.parse(await again.ask({ do: 'status' }));
  assert.deepEqual(
    status.services[0]!.servers.map(({ up }) => up),
    [true, true, false],
  );
  a.servers.delete(host(13));
  await pass(4000, a);
  assert.deepEqual(a.weights(80), { 11: 100, 12: 100, 13: 100 });
});

test('between the two marks a standby counts a quorum as its owner does, and an owner as it did itself', async () => {
  const { a, b, begin } = await pair(text(QUORUM));
  for (const n of [11, 12, 13]) a.servers.set(host(n), refused);
  await pass(4000, a);
  for (const n of [11, 12]) a.servers.delete(host(n));
  b.servers.set(host(13), refused);
  await pass(4000, a);
  await begin();
  await pass(4000, a, b);
  assert.deepEqual([a.weights(80)[99], b.weights(80)[99]], [1, 1]);
  // The floats move, and the twin dies: what holds goes on.
  a.laneAnswer = says('standby');
  b.laneAnswer = says('active');
  await pass(3000, a, b);
  join(a.channel, b.channel, false);
  await pass(2 * WORD_MS, a, b);
  assert.equal(b.weights(80)[99], 1);
  const alone = await pair(text(QUORUM), (owner, standby) => {
    for (const n of [11, 12, 13]) owner.servers.set(host(n), refused);
    standby.servers.set(host(13), refused);
    standby.laneAnswer = says('active');
    owner.laneAnswer = says('standby');
  });
  await alone.begin();
  await pass(4000, alone.a, alone.b);
  assert.equal(alone.b.weights(80)[99], undefined, 'who owns does not follow a standby');
});
