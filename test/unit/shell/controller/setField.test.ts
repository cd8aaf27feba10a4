import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ControllerRequest, SetResult, ShowResult } from '../../../../src/model/control.ts';
import type { TandemError } from '../../../../src/model/error.ts';
import { parseDocument } from '../../../../src/model/parseDocument.ts';
import { EXAMPLE } from '../../model/example.ts';
import { Box, join, type Running } from './bench.ts';

type Set = Extract<ControllerRequest, { do: 'set' }>;

const weight = (value: Set['value'], server = 's2'): Set => ({
  ...{ do: 'set', service: 'web', server, field: 'weight', value, author: 'ann' },
});

async function set({ ask }: Running, request: Set): Promise<SetResult> {
  return (await ask(request)) as SetResult;
}

async function started() {
  const box = new Box();
  const running = await box.start(EXAMPLE);
  box.kernel.ipvs.log.length = 0;
  return { box, running };
}

const shown = async ({ ask }: Running): Promise<ShowResult> => (await ask({ do: 'show' })) as ShowResult;

test('a weight touches its own server alone, is a revision of its own, and the text says it where it stood', async () => {
  const { box, running } = await started();
  const result = await set(running, weight(7));
  assert.deepEqual(box.weights(80), { 11: 1, 12: 7, 13: 1 });
  assert.deepEqual(result.steps, ['-e -t 198.51.100.10:80 -r 192.0.2.12:8080 -m -w 7']);
  assert.deepEqual([result.revision, result.changed, result.was], [2, true, '1']);
  assert.deepEqual(box.store.patched, [2]);
  const { text, author, digest } = await shown(running);
  assert.equal(text, EXAMPLE.replace('192.0.2.12, port: 8080, weight: 1', '192.0.2.12, port: 8080, weight: 7'));
  assert.deepEqual([author, digest], ['ann', result.digest]);
  assert.equal(box.lanes.at(-1)?.digest, digest);
  assert.match(box.events('applied').join(), /revision 2 by ann: web\/s2 weight 1 → 7/);
  const again = await new Box().start(text);
  assert.equal((await shown(again)).digest, digest, 'as if the whole document had been applied');
});

test('it is in the kernel before the disk has it, and taken back there when the disk refuses', async () => {
  const { box, running } = await started();
  let atWriting: unknown;
  const { addPatched } = box.store;
  box.store.addPatched = (...row) => {
    atWriting = box.weights(80);
    addPatched.call(box.store, ...row);
  };
  box.store.full = true;
  await assert.rejects(set(running, weight(7)), (error: TandemError) => error.code === 'io');
  assert.deepEqual(atWriting, { 11: 1, 12: 7, 13: 1 });
  assert.deepEqual(box.weights(80), { 11: 1, 12: 1, 13: 1 });
  box.store.full = false;
  assert.equal((await shown(running)).revision, 1);
  assert.equal((await set(running, weight(3))).was, '1');
});

test('it says how long after the request the kernel had it, and nothing of a kernel that had nothing to do', async () => {
  const { box, running } = await started();
  const { now } = box.clock;
  const { apply } = box.kernel.ipvs;
  let spent = 0;
  box.clock.now = () => now.call(box.clock) + spent;
  box.kernel.ipvs.apply = (steps) => {
    spent += 3;
    return apply.call(box.kernel.ipvs, steps);
  };
  assert.equal((await set(running, weight(7))).kernelMs, 3);
  assert.equal((await set(running, weight(7))).kernelMs, undefined);
  const threshold: Set = { ...weight(100), field: 'u_threshold' };
  assert.equal((await set(running, threshold)).kernelMs, 3);
  assert.equal(
    (await set(running, { ...weight(4000), server: undefined, field: 'check.interval_ms' })).kernelMs,
    undefined,
  );
});

test('a look follows by itself, and repairs and tells what another tool did meanwhile', async () => {
  const { box, running } = await started();
  await set(running, weight(7));
  box.kernel.ipvs.apply([
    {
      op: 'delete-destination',
      service: { protocol: 'tcp', address: '198.51.100.10', port: 80 },
      destination: { address: '192.0.2.11', port: 8080 },
    },
  ]);
  box.clock.advance(200);
  assert.deepEqual(box.weights(80), { 11: 1, 12: 7, 13: 1 });
  assert.deepEqual(
    [...box.store.drifts.values()].map(({ kind, done }) => [kind, done]),
    [['server', 'repaired']],
  );
});

test('what is so already makes no revision; a wrong value is refused as a document would be', async () => {
  const { box, running } = await started();
  const same = await set(running, weight(1));
  assert.deepEqual([same.changed, same.revision, same.steps], [false, 1, []]);
  await assert.rejects(set(running, weight(-1)), (error: TandemError) => {
    const read = parseDocument(
      EXAMPLE.replace('192.0.2.12, port: 8080, weight: 1', '192.0.2.12, port: 8080, weight: -1'),
    );
    assert.ok(!read.ok);
    return error.code === 'bad-document' && assert.deepEqual(error.faults, read.faults) === undefined;
  });
  await assert.rejects(set(running, weight(1, 's9')), (error: TandemError) => error.code === 'not-found');
  assert.deepEqual(box.kernel.ipvs.log, []);
  assert.equal(box.store.rows.length, 1);
  await assert.rejects(
    set(await new Box().start(), weight(1)),
    (error: TandemError) => error.code === 'not-configured',
  );
});

test('any field of a service is set like a document with it', async () => {
  const { box, running } = await started();
  const result = await set(running, {
    ...{ do: 'set', service: 'web', field: 'scheduler', value: 'wlc', author: 'ann' },
  });
  assert.deepEqual(result.steps, ['-E -t 198.51.100.10:80 -s wlc']);
  assert.equal((await set(running, { ...weight(2), field: 'name', server: 's3', value: 's4' })).changed, true);
  assert.equal((await set(running, weight(9, 's4'))).was, '1');
  assert.deepEqual(box.weights(80), { 11: 1, 12: 1, 13: 9 });
  assert.deepEqual(box.store.patched, [2, 3, 4]);
});

test('with a sorry server a weight that loses the quorum brings it in', async () => {
  const box = new Box();
  const text = EXAMPLE.replace(
    '    scheduler: rr\n',
    '    scheduler: rr\n    quorum: 3\n    sorry_server: { address: 192.0.2.99 }\n',
  );
  const running = await box.start(text);
  await set(running, weight(0));
  assert.deepEqual(box.weights(80), { 11: 0, 12: 0, 13: 0, 99: 1 });
});

test('the twin takes the patch alone, and the whole where it has not what the patch was made on', async () => {
  const [one, two] = [new Box('a'), new Box('b')];
  const [a, b] = [await one.start(EXAMPLE), await two.start(EXAMPLE)];
  join(one.channel, two.channel, true);
  await new Promise(setImmediate);
  const told: string[] = [];
  const ears = two.channel.ears!;
  two.channel.ears = {
    ...ears,
    heard(message) {
      if (message.do === 'patch' || message.do === 'revision') told.push(message.do);
      ears.heard(message);
    },
  };
  await a.ask({ do: 'apply', text: EXAMPLE.replace('rise: 2', 'rise: 3'), author: 'ann' });
  told.length = 0;
  assert.deepEqual((await set(a, weight(7))).heldBy, ['a', 'b']);
  assert.deepEqual(told, ['patch']);
  assert.deepEqual(two.weights(80), { 11: 1, 12: 7, 13: 1 });
  assert.equal((await shown(b)).text, (await shown(a)).text);
  assert.deepEqual(two.store.patched, one.store.patched);
  join(one.channel, two.channel, false);
  assert.deepEqual((await set(a, weight(5))).heldBy, ['a']);
  join(one.channel, two.channel, true);
  while (two.weights(80)[12] !== 5) await new Promise(setImmediate);
  assert.deepEqual(told, ['patch', 'revision'], 'what was made apart is told as a whole');
  assert.equal((await shown(b)).text, (await shown(a)).text);
});
