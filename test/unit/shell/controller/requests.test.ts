import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ApplyResult,
  controllerRequest,
  type PlanResult,
  type ShowResult,
} from '../../../../src/model/control.ts';
import { TandemError } from '../../../../src/model/error.ts';
import { statusSchema } from '../../../../src/model/status.ts';
import { rackText } from '../../../fakes/rackDocument.ts';
import { record } from '../../core/timeline/records.ts';
import { Box } from './bench.ts';

const wlc = rackText((text) => text.replace('scheduler: rr', 'scheduler: wlc'));
const withoutS1 = rackText((text) => text.replace(/ {6}- \{ name: s1.*8080 \}\n/, ''));
const web = { protocol: 'tcp', address: '198.51.100.10', port: 80 } as const;

async function running() {
  const box = new Box();
  const { ask, controller } = await box.start(rackText());
  box.clock.advance(500);
  return { box, ask, controller };
}

test('apply stores, tells the lane, changes the kernel, and says what it did', async () => {
  const { box, ask } = await running();
  box.laneAsked.length = 0;
  const result = (await ask({ do: 'apply', text: wlc, author: 'cli:root' })) as ApplyResult;
  assert.deepEqual(result.steps, ['-E -t 198.51.100.10:80 -s wlc']);
  assert.equal(result.revision, 2);
  assert.equal(result.changed, true);
  assert.deepEqual(result.heldBy, ['a']);
  assert.deepEqual(result.refused, []);
  assert.equal(box.store.latest()!.author, 'cli:root');
  assert.equal(box.lanes.at(-1)!.digest, result.digest);
  assert.ok(box.laneAsked.some((request) => request.do === 'reload'));
  assert.equal(box.kernel.ipvs.read().services[0]!.scheduler, 'wlc');
});

test('the same document again makes no revision and no step', async () => {
  const { box, ask } = await running();
  const same = `# a remark\n${rackText()}`;
  const result = (await ask({ do: 'apply', text: same, author: 'cli:root' })) as ApplyResult;
  assert.deepEqual([result.revision, result.changed, result.steps], [1, false, []]);
  assert.equal(box.store.rows.length, 1);
});

test('a wrong document is refused with every path and changes nothing', async () => {
  const { box, ask } = await running();
  const changes = box.kernel.changes();
  const lanes = box.lanes.length;
  const wrong = rackText((text) => text.replace('port: 80', 'port: 99999').replace('192.0.2.12,', '192.0.2.777,'));
  await assert.rejects(ask({ do: 'apply', text: wrong, author: 'cli:root' }), (error) => {
    assert.ok(error instanceof TandemError);
    assert.equal(error.code, 'bad-document');
    assert.deepEqual(error.faults.map((fault) => fault.path).sort(), [
      'services[0].port',
      'services[0].servers[1].address',
    ]);
    return true;
  });
  assert.deepEqual([box.kernel.changes(), box.store.rows.length, box.lanes.length], [changes, 1, lanes]);
});

test('a document that cannot be stored is not put into force', async () => {
  const { box, ask } = await running();
  const changes = box.kernel.changes();
  box.store.full = true;
  await assert.rejects(ask({ do: 'apply', text: wlc, author: 'cli:root' }), /disk full/);
  assert.equal(box.kernel.changes(), changes);
});

test('plan prints the steps and counts the connections without touching anything', async () => {
  const { box, ask } = await running();
  box.kernel.ipvs.destination(web, { address: '192.0.2.11', port: 8080 }).active = 7;
  const changes = box.kernel.changes();
  const result = (await ask({ do: 'plan', text: withoutS1 })) as PlanResult;
  assert.deepEqual(result.steps, ['-e -t 198.51.100.10:80 -r 192.0.2.11:8080 -m -w 0']);
  assert.deepEqual([result.breaks, result.drains, result.changed], [0, 7, true]);
  assert.equal(box.kernel.changes(), changes);
  assert.equal(box.store.rows.length, 1);
});

test('status is the kernel, the checks and the lane in one; a dead lane is null', async () => {
  const { box, ask } = await running();
  box.servers.set('192.0.2.13:8080', { ok: false, reason: 'timed out' });
  box.clock.advance(3000);
  box.laneAnswer = () => undefined;
  const status = statusSchema.parse(await ask({ do: 'status' }));
  assert.equal(status.lane, null);
  assert.equal(status.revision, 1);
  const s3 = status.services[0]!.servers[2]!;
  assert.deepEqual([s3.name, s3.up, s3.weight, s3.configuredWeight, s3.reason], ['s3', false, 0, 1, 'timed out']);
  assert.deepEqual(
    status.alarms.map((alarm) => alarm.subject),
    ['web/s3'],
  );
});

test('a status of some services has those and the count of all; one of none does not ask the kernel for its table', async () => {
  const { box, ask } = await running();
  const counts = { services: 2, servers: 5, up: 5 };
  const named = statusSchema.parse(await ask({ do: 'status', services: ['echo', 'not-there'] }));
  assert.deepEqual(
    named.services.map(({ name, servers }) => [name, servers.length]),
    [['echo', 2]],
  );
  assert.deepEqual(named.counts, counts);
  box.kernel.ipvs.read = () => assert.fail('the table was read');
  const none = statusSchema.parse(await ask({ do: 'status', services: [] }));
  assert.deepEqual([none.services, none.revision, none.counts], [[], 1, counts]);
});

test('show gives the newest or a named revision, or says which there are', async () => {
  const { ask } = await running();
  await ask({ do: 'apply', text: wlc, author: 'cli:root' });
  assert.equal(((await ask({ do: 'show' })) as ShowResult).text, wlc);
  assert.equal(((await ask({ do: 'show', revision: 1 })) as ShowResult).author, 'seed');
  await assert.rejects(ask({ do: 'show', revision: 9 }), /there is no revision 9/);
});

test('a forced hand-over is the lane’s word, passed on', async () => {
  const { box, ask } = await running();
  box.laneAnswer = () => ({ ok: true, result: { text: 'b owns the floats' } });
  assert.deepEqual(await ask({ do: 'hand-over', force: true }), { text: 'b owns the floats' });
  box.laneAnswer = () => ({ ok: false, error: { code: 'refused', message: 'the twin is silent' } });
  await assert.rejects(ask({ do: 'hand-over', force: true }), /the twin is silent/);
  box.laneAnswer = () => undefined;
  await assert.rejects(
    ask({ do: 'hand-over', force: true }),
    (error) => error instanceof TandemError && error.code === 'unreachable',
  );
});

test('changes wait for each other and at most eight wait', async () => {
  const { box, ask } = await running();
  const texts = Array.from({ length: 10 }, (_, i) =>
    rackText((text) => text.replace('port: 80\n', `port: ${81 + i}\n`)),
  );
  const outcomes = await Promise.allSettled(texts.map((text) => ask({ do: 'apply', text, author: 'cli:root' })));
  assert.deepEqual(
    outcomes.map((outcome) => outcome.status === 'fulfilled'),
    [true, true, true, true, true, true, true, true, false, false],
  );
  assert.deepEqual(
    box.store.rows.map((row) => row.number),
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  assert.ok(box.kernel.ipvs.read().services.some((service) => service.port === 88));
});

test('events come newest first', async () => {
  const { ask } = await running();
  await ask({ do: 'apply', text: wlc, author: 'cli:root' });
  const events = (await ask({ do: 'events', limit: 2 })) as { kind: string }[];
  assert.equal(events[0]!.kind, 'reconciled');
  assert.equal(events.length, 2);
});

test('the timeline is what the lane has recorded, the newest of it', async () => {
  const box = new Box();
  const { ask } = await box.start(rackText());
  box.records = [1, 2, 3].map((term) => record('a', { term }));
  assert.deepEqual(await ask({ do: 'timeline', last: 2 }), { node: 'a', records: box.records.slice(1) });
  assert.throws(() => controllerRequest.parse({ do: 'timeline', last: 33 }));
});

test('a hold goes to the lane with reason and author, and into the log when the lane has it', async () => {
  const { box, ask } = await running();
  box.laneAnswer = (request) =>
    request.do === 'hold' ? { ok: true, result: { text: 'a is held' } } : { ok: true, result: {} };
  const request = { do: 'hold', reason: 'new fans', by: 'cli:root' } as const;
  assert.deepEqual(await ask(request), { text: 'a is held' });
  assert.ok(box.laneAsked.some((asked) => JSON.stringify(asked) === JSON.stringify(request)));
  assert.deepEqual(box.events('held'), ['a is held (cli:root: new fans)']);
});

test('a hold that the lane refuses is no event, and its remedy is passed on', async () => {
  const { box, ask } = await running();
  const error = { code: 'refused', message: 'the floats are being handed over', remedy: 'say it again in a second' };
  box.laneAnswer = () => ({ ok: false, error });
  await assert.rejects(ask({ do: 'resume', by: 'cli:root' }), (thrown) => {
    assert.ok(thrown instanceof TandemError);
    assert.deepEqual([thrown.code, thrown.message, thrown.remedy], ['refused', error.message, error.remedy]);
    return true;
  });
  assert.deepEqual(box.events('resumed'), []);
});
