import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TandemError } from '../../../../src/model/error.ts';
import { type StatsResult, type StatsRow, type Top, topSchema } from '../../../../src/model/stats.ts';
import { createAlarms } from '../../../../src/shell/controller/alarms.ts';
import { BATCH_MS, createKeeper } from '../../../../src/shell/controller/keeper.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { FakeHistory } from '../../../fakes/history.ts';
import { rackText } from '../../../fakes/rackDocument.ts';
import { Box } from './bench.ts';

const web = { protocol: 'tcp', address: '198.51.100.10', port: 80 } as const;
const at = (last: number) => ({ address: `192.0.2.${last}`, port: 8080 });

async function running() {
  const box = new Box();
  const { ask, controller } = await box.start(rackText());
  box.clock.advance(3_000);
  /** So many packets ran to a server of the rack since the last call. */
  const run = (last: number, packets: number): void => {
    const entry = box.kernel.ipvs.destination(web, at(last));
    const { connections, packetsIn, packetsOut, bytesIn, bytesOut } = entry.counters;
    entry.counters = {
      connections: connections + packets / 10,
      packetsIn: packetsIn + packets,
      packetsOut: packetsOut + packets,
      bytesIn: bytesIn + 100 * packets,
      bytesOut: bytesOut + 1_000 * packets,
    };
    entry.active = 7;
  };
  return { box, ask, controller, run };
}

test('top has the rates of what the reconcile loop read, busiest first, without reading the kernel again', async () => {
  const { box, ask, run } = await running();
  for (let second = 0; second < 20; second += 1) {
    run(12, 50);
    run(13, 10);
    box.clock.advance(1_000);
  }
  const read = box.kernel.ipvs.read;
  box.kernel.ipvs.read = () => assert.fail('top read the kernel');
  const top = topSchema.parse(await ask({ do: 'top', limit: 2 }));
  box.kernel.ipvs.read = read;
  assert.deepEqual(
    top.servers.map(({ name, rates, active, weight, state }) => [
      name,
      rates.packetsIn,
      rates.bytesOut,
      active,
      weight,
      state,
    ]),
    [
      ['web/s2', 50, 50_000, 7, 1, 'up'],
      ['web/s3', 10, 10_000, 7, 1, 'up'],
    ],
  );
  assert.equal(top.leftOut, 3, 'web/s1 and the two of echo');
  assert.equal(top.services[0]!.active, 14);
  assert.equal(top.role, 'unknown');
});

test('what was seen is kept in batches, and the end keeps the rest', async () => {
  const { box, ask, controller, run } = await running();
  run(11, 100);
  box.clock.advance(BATCH_MS - 4_000);
  assert.equal(box.history.rows.length, 0);
  box.clock.advance(2_000);
  assert.deepEqual([...new Set(box.history.rows.map((row) => row.series))], ['', 'web', 'echo']);
  const asked = (await ask({ do: 'stats', series: 'web', since: 60_000, points: 20 })) as StatsResult;
  assert.deepEqual([asked.series, asked.stretch], ['web', 4_000]);
  assert.equal(box.history.asked.at(-1)?.tier, 'second');
  assert.ok(asked.points.length > 0);
  controller.close();
  assert.ok(box.history.rows.some(({ series, connections }) => series === 'web/s1' && connections === 10));
  assert.equal(box.history.closed, true);
  assert.equal(box.clock.timers, 0);
});

test('a long look back is by the minute, and so are servers; who is in no document is not found', async () => {
  const { box, ask } = await running();
  const tierOf = async (series: string, since: number): Promise<string> => {
    await ask({ do: 'stats', series, since, points: 60 });
    return box.history.asked.at(-1)!.tier;
  };
  assert.equal(await tierOf('', 3_600_000), 'second');
  assert.equal(await tierOf('web', 3_600_001), 'minute');
  assert.equal(await tierOf('web/s1', 60_000), 'server');
  for (const series of ['nobody', 'web/s9']) {
    await assert.rejects(ask({ do: 'stats', series, since: 60_000, points: 60 }), (error) => {
      assert.ok(error instanceof TandemError);
      assert.equal(error.code, 'not-found');
      assert.match(error.message, new RegExp(series));
      return true;
    });
  }
});

test('a full disk is an alarm and no stop; the rows wait, and the alarm goes when there is room', async () => {
  const { box, ask, run } = await running();
  box.history.full = true;
  run(11, 100);
  box.clock.advance(2 * BATCH_MS);
  assert.equal(box.events('alarm').filter((text) => text.startsWith('statistics-not-kept')).length, 1);
  assert.ok(((await ask({ do: 'top', limit: 5 })) as Top).total.name === '');
  box.history.full = false;
  box.clock.advance(BATCH_MS);
  assert.equal(box.events('alarm-cleared').length, 1);
  const total = box.history.rows.filter(({ series, tier }) => series === 'web' && tier === 'minute');
  assert.ok(total.length > 0, 'nothing of the time without room was lost');
});

test('many rows are written in slices with pauses, and what waits for a disk is bounded', () => {
  const clock = new FakeClock();
  const history = new FakeHistory();
  const alarms = createAlarms(() => {});
  const keeper = createKeeper(history, clock, alarms);
  const row = (series: string) =>
    ({ tier: 'server', series, at: 0, ms: 1, connections: 0, packetsIn: 0, packetsOut: 0 }) as unknown as StatsRow;
  keeper.add(Array.from({ length: 2_500 }, (_, i) => row(`${i}`)));
  clock.advance(BATCH_MS);
  assert.deepEqual(history.batches, [1_000]);
  clock.advance(500);
  assert.deepEqual([history.batches, keeper.waiting()], [[1_000, 1_000], 500], 'the rest is part of the next batch');
  history.full = true;
  for (let more = 0; more < 150; more += 1) keeper.add(Array.from({ length: 1_000 }, () => row('more')));
  clock.advance(10 * BATCH_MS);
  assert.equal(keeper.waiting(), 100_000);
  assert.equal(alarms.list()[0]?.code, 'statistics-not-kept');
  keeper.close();
  assert.equal(clock.timers, 0);
});
