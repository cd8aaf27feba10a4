import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApplyResult, DrainResult, TimelineResult } from '../../../../src/model/control.ts';
import { type TwinStatus, twinStatusSchema } from '../../../../src/model/twin.ts';
import { SPREAD_MS } from '../../../../src/shell/replicate/replicator.ts';
import { rackText } from '../../../fakes/rackDocument.ts';
import { Box, join } from '../controller/bench.ts';

const wlc = rackText((text) => text.replace('scheduler: rr', 'scheduler: wlc'));
const lc = rackText((text) => text.replace('scheduler: rr', 'scheduler: lc'));
const scheduler = (box: Box): string | undefined => box.kernel.ipvs.read().services[0]?.scheduler;

/** Until nothing is left to do without time passing. */
const quiet = async (): Promise<void> => {
  for (let i = 0; i < 5; i += 1) await new Promise((done) => setImmediate(done));
};

async function pair(open = true) {
  const [a, b] = [new Box('a'), new Box('b')];
  const [onA, onB] = [await a.start(rackText()), await b.start(rackText())];
  a.clock.advance(500);
  b.clock.advance(500);
  const connect = async (up: boolean): Promise<void> => {
    join(a.channel, b.channel, up);
    await quiet();
  };
  await connect(open);
  const apply = (on: typeof onA, text: string): Promise<ApplyResult> =>
    on.ask({ do: 'apply', text, author: 'cli:night' }) as Promise<ApplyResult>;
  return { a, b, onA, onB, connect, apply };
}

test('a document applied on one box is on both disks and in both kernels when the answer comes', async () => {
  const { a, b, onA, apply } = await pair();
  const result = await apply(onA, wlc);
  await quiet();
  assert.deepEqual([result.revision, result.heldBy, result.twin], [2, ['a', 'b'], undefined]);
  const kept = b.store.latest()!;
  assert.deepEqual([kept.number, kept.node, kept.author, kept.text], [2, 'a', 'cli:night', wlc]);
  assert.deepEqual([scheduler(a), scheduler(b)], ['wlc', 'wlc']);
  assert.equal(b.lanes.at(-1)!.digest, result.digest);
  assert.deepEqual(b.events('taken'), ['revision 2 of a by cli:night']);
});

test('an equal seed on both boxes is no revision of the other', async () => {
  const { a, b } = await pair();
  assert.deepEqual([a.store.rows.length, b.store.rows.length], [1, 1]);
});

test('without the twin the answer says so at once, and the twin takes it when it is heard again', async () => {
  const { b, onA, connect, apply } = await pair(false);
  const result = await apply(onA, wlc);
  assert.deepEqual(result.heldBy, ['a']);
  assert.equal(result.twin, 'b does not answer; b takes it when it is heard again');
  await connect(true);
  assert.equal(scheduler(b), 'wlc');
});

test('a twin that hears and does not confirm is waited for only so long', async () => {
  const { a, b, onA, apply } = await pair();
  b.channel.ears = { ...b.channel.ears!, heard: () => undefined };
  const waiting = apply(onA, wlc);
  await quiet();
  a.clock.advance(SPREAD_MS);
  const { heldBy, twin } = await waiting;
  assert.deepEqual(heldBy, ['a']);
  assert.match(twin!, /b has not confirmed it within 5 s/);
});

test('both changed while apart: one is in force on both, the other stays in the history and is told of', async () => {
  const { a, b, onA, onB, connect, apply } = await pair(false);
  await apply(onB, lc);
  await apply(onA, wlc);
  await connect(true);
  assert.deepEqual([scheduler(a), scheduler(b)], ['wlc', 'wlc']);
  assert.ok(b.store.rows.some((row) => row.text === lc));
  const text = 'revision 2 of b was superseded by revision 2 of a: both were made apart';
  assert.deepEqual([a.events('superseded'), b.events('superseded')], [[text], [text]]);
});

test('both applied at the same time: nobody waits for the other for ever', async () => {
  const { a, b, onA, onB, apply } = await pair();
  const [one, two] = await Promise.all([apply(onA, wlc), apply(onB, lc)]);
  await quiet();
  assert.deepEqual(one.heldBy, ['a', 'b']);
  assert.match(two.twin!, /revision 2 of a is newer and comes into force instead/);
  assert.deepEqual([scheduler(a), scheduler(b)], ['wlc', 'wlc']);
});

test('a box that cannot apply what it gets keeps what it has, says why, and both raise the alarm', async () => {
  const { a, b, onA, apply } = await pair();
  const foreign = b.channel.ears!;
  b.channel.ears = {
    ...foreign,
    heard: (message) =>
      foreign.heard(message.do === 'revision' ? { ...message, text: `${message.text}colour: red\n` } : message),
  };
  const result = await apply(onA, wlc);
  await quiet();
  assert.deepEqual(result.heldBy, ['a']);
  assert.match(result.twin!, /^b cannot apply it: colour: /);
  assert.deepEqual([scheduler(a), scheduler(b)], ['wlc', 'rr']);
  assert.equal(b.events('not-taken').length, 1);
  b.channel.ears = foreign;
  const alarms = a.events('alarm').filter((text) => text.startsWith('revision-differs'));
  assert.match(alarms[0]!, /b cannot apply revision 2 of a: colour/);
  await apply(onA, lc);
  await quiet();
  assert.equal(a.events('alarm-cleared').filter((text) => text.startsWith('revision-differs')).length, 1);
  assert.equal(scheduler(b), 'lc');
});

test('what the twin’s disk does not take is not said to be held by it', async () => {
  const { a, b, onA, apply } = await pair();
  b.store.full = true;
  const waiting = apply(onA, wlc);
  await quiet();
  a.clock.advance(SPREAD_MS);
  assert.deepEqual((await waiting).heldBy, ['a']);
  assert.equal(scheduler(b), 'rr');
  b.store.full = false;
  b.clock.advance(2_000);
  await quiet();
  assert.equal(scheduler(b), 'wlc');
});

test('drained on one box is drained on both, with the first author, and enabled on both', async () => {
  const { a, b, onA, onB } = await pair();
  const drained = (await onA.ask({ do: 'drain', server: 'web/s2', author: 'cli:night' })) as DrainResult;
  assert.deepEqual([drained.heldBy, drained.twin], [['a', 'b'], undefined]);
  assert.deepEqual([a.weights(80)[12], b.weights(80)[12]], [0, 0]);
  assert.deepEqual(b.events('drained'), ['web/s2 by cli:night on a']);
  await onB.ask({ do: 'enable', server: 'web/s2', author: 'cli:day' });
  assert.deepEqual([a.weights(80)[12], b.weights(80)[12]], [1, 1]);
});

test('the last word holds when both boxes meet again, and an old one does not come back with a restart', async () => {
  const { a, b, onA, onB, connect } = await pair(false);
  const said = (await onA.ask({ do: 'drain', server: 'web/s1', author: 'cli:night' })) as DrainResult;
  assert.match(said.twin!, /b does not answer/);
  await connect(true);
  await onB.ask({ do: 'enable', server: 'web/s1', author: 'cli:day' });
  await connect(false);
  onA.controller.close();
  await a.start();
  await connect(true);
  assert.deepEqual([a.weights(80)[11], b.weights(80)[11]], [1, 1]);
});

test('a box that comes back from the factory does not bring its first document back', async () => {
  const { a, onA, onB, apply, connect } = await pair();
  await apply(onA, wlc);
  await connect(false);
  onB.controller.close();
  const fresh = new Box('b');
  await fresh.start(rackText());
  join(a.channel, fresh.channel, true);
  await quiet();
  assert.deepEqual([scheduler(a), scheduler(fresh)], ['wlc', 'wlc']);
});

test('a document that drops a drained server puts it back in use on both', async () => {
  const { a, b, onA, apply } = await pair();
  await onA.ask({ do: 'drain', server: 'web/s1', author: 'cli:night' });
  await apply(
    onA,
    rackText((text) => text.replace(/ {6}- \{ name: s1.*8080 \}\n/, '')),
  );
  await quiet();
  assert.deepEqual([a.store.drained(), b.store.drained()], [[], []]);
});

test('the channel stands between the private addresses of the document', async () => {
  const { b } = await pair();
  assert.deepEqual(b.channel.place, { node: 'b', device: 'eth1', own: '192.0.2.3', twin: '192.0.2.2', port: 7946 });
});

test('a box asks its twin for its health and its records', async () => {
  const { b, onA } = await pair();
  const health = (await onA.ask({ do: 'twin', question: { what: 'status' } })) as TwinStatus;
  assert.deepEqual(twinStatusSchema.parse(health).node, 'b');
  assert.deepEqual([health.ready, health.servers, health.serversUp], [true, 5, 5]);
  b.records = [];
  const timeline = (await onA.ask({ do: 'twin', question: { what: 'timeline', last: 3 } })) as TimelineResult;
  assert.deepEqual(timeline, { node: 'b', records: [] });
});
