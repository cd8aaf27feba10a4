import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countersOf,
  initialStats,
  layoutOf,
  ratesOf,
  type StatsState,
  step,
} from '../../../../src/core/stats/index.ts';
import type { IpvsState } from '../../../../src/model/ipvs.ts';
import type { StatsRow } from '../../../../src/model/stats.ts';
import { destination, documentOf, service, tableOf, ZERO } from './table.ts';

const WALL = Date.UTC(2026, 0, 1, 12, 0, 0);
const WEB = documentOf({ web: ['s1', 's2'] });

/** Looks at the tables one second apart, from 10 s on; returns the state and all that is kept. */
function look(tables: readonly Pick<IpvsState, 'services'>[], from: StatsState = begun(), start = 10_000) {
  const rows: StatsRow[] = [];
  let state = from;
  for (const [index, ipvs] of tables.entries()) {
    const stepped = step(state, { type: 'sample', ipvs, wall: WALL + start + index * 1_000 }, start + index * 1_000);
    state = stepped.state;
    rows.push(...stepped.effects.flatMap((effect) => effect.rows));
  }
  return { state, rows };
}

const begun = (document = WEB): StatsState =>
  step(initialStats, { type: 'layout', layout: layoutOf(document) }, 0).state;

const counted = (n: number) => ({
  connections: n,
  packetsIn: 10 * n,
  packetsOut: 9 * n,
  bytesIn: 1000 * n,
  bytesOut: n,
});
const web = (s1: number, s2: number, active = 0) =>
  tableOf(service(80, counted(s1 + s2), [destination('s1', counted(s1), active, 1), destination('s2', counted(s2))]));

test('what ran before the first look is no rate; from the second on it is what passed over what time', () => {
  const first = look([web(5_000, 7_000)]);
  assert.deepEqual(ratesOf(first.state, 1), ZERO);
  assert.deepEqual(countersOf(first.state, 2), counted(5_000));
  assert.deepEqual(first.rows, []);
  const { state } = look([web(5_000, 7_000), web(5_010, 7_000), web(5_020, 7_000)]);
  assert.deepEqual(ratesOf(state, 2), counted(10));
  assert.deepEqual(ratesOf(state, 3), ZERO);
  assert.deepEqual(ratesOf(state, 1), counted(10));
  assert.deepEqual(ratesOf(state, 0), counted(10), 'the total');
});

test('a steady flow that the kernel adds up every 2 s shows within a quarter of itself', () => {
  const tables = Array.from({ length: 40 }, (_, second) => web(100 * 2 * Math.floor(second / 2), 0));
  for (let looks = 12; looks <= tables.length; looks += 1) {
    const { connections } = ratesOf(look(tables.slice(0, looks)).state, 2);
    assert.ok(connections >= 75 && connections <= 125, `${connections} after ${looks} looks`);
  }
});

test('a rate forgets what lies more than 8 s back, and a long gap is averaged over', () => {
  const still = Array.from({ length: 9 }, () => web(1_000, 0));
  assert.deepEqual(ratesOf(look([web(0, 0), ...still]).state, 2), ZERO);
  const before = look([web(0, 0)]).state;
  const { state } = look([web(1_000, 0)], before, 110_000);
  assert.equal(ratesOf(state, 2).connections, 10);
});

test('a server deleted and added again, and a table made anew, never give a negative or a made-up rate', () => {
  const gone = tableOf(service(80, counted(300), [destination('s1', counted(100))]));
  const { state, rows } = look([web(100, 200), gone, web(100, 999_999), web(100, 999_999)]);
  assert.deepEqual(ratesOf(state, 3), ZERO, 'what the server brought along may be of any time');
  assert.ok(rows.every((row) => row.connections >= 0));
  const anew = look([web(1e9, 1e9), web(3, 4), web(5, 4)]);
  assert.equal(ratesOf(anew.state, 2).connections, 1, '2 connections in the 2 s');
  assert.equal(ratesOf(anew.state, 0).connections, 1);
});

test('looks closer together than they should be are one', () => {
  const { state } = look([web(0, 0), web(10, 0)]);
  const soon = step(state, { type: 'sample', ipvs: web(1_000, 0), wall: WALL }, 11_500);
  assert.equal(soon.state, state);
  assert.deepEqual(soon.effects, []);
});

test('each second keeps the total and the services; a full minute servers too, with the most connections seen', () => {
  const tables = Array.from({ length: 52 }, (_, second) => web(10 * second, second, second === 20 ? 77 : 3));
  const { rows } = look(tables);
  const seconds = rows.filter((row) => row.tier === 'second');
  assert.deepEqual([...new Set(seconds.map((row) => row.series))], ['', 'web']);
  assert.equal(seconds.length, 2 * 51);
  assert.deepEqual(seconds[0], {
    ...{ tier: 'second', series: '', at: WALL + 11_000, ms: 1_000, active: 3, inactive: 1 },
    ...counted(11),
  });
  const minute = rows.filter((row) => row.tier !== 'second');
  assert.deepEqual(
    minute.map(({ tier, series, at, ms, connections, active }) => [tier, series, at, ms, connections, active]),
    [
      ['minute', '', WALL, 49_000, 539, 77],
      ['minute', 'web', WALL, 49_000, 539, 77],
      ['server', 'web/s1', WALL, 49_000, 490, 77],
      ['server', 'web/s2', WALL, 49_000, 49, 0],
    ],
  );
});

test('a changed document keeps what stays, begins what is new, and ends what goes with its minute kept', () => {
  const { state } = look([web(0, 0), web(10, 20), web(20, 40)]);
  const moved = step(state, { type: 'layout', layout: layoutOf(documentOf({ web: ['s2', 's3'] })) }, 12_500);
  const rows = moved.effects.flatMap((effect) => effect.rows);
  assert.deepEqual(
    rows.map(({ series, connections, ms }) => [series, connections, ms]),
    [
      ['', 60, 2_000],
      ['web', 60, 2_000],
      ['web/s1', 20, 2_000],
      ['web/s2', 40, 2_000],
    ],
  );
  const after = tableOf(service(80, counted(90), [destination('s2', counted(60)), destination('s3', counted(5_000))]));
  const next = look([after], moved.state, 13_000).state;
  assert.equal(ratesOf(next, 2).connections, 20, 's2 goes on from where it was');
  assert.equal(ratesOf(next, 3).connections, 0, 's3 begins');
});

test('a server that moved to another address is another', () => {
  const { state } = look([web(0, 0), web(10, 0)]);
  const document = documentOf({ web: ['s1', 's2'] });
  document.services[0]!.servers[0]!.address = '192.0.2.99';
  const moved = step(state, { type: 'layout', layout: layoutOf(document) }, 11_500).state;
  assert.equal(ratesOf(moved, 2).connections, 0);
});

test('the end keeps the minute so far, once', () => {
  const { state } = look([web(0, 0), web(10, 0)]);
  const ended = step(state, { type: 'end' }, 11_000);
  assert.deepEqual(
    ended.effects.flatMap((effect) => effect.rows).map(({ series, connections }) => [series, connections]),
    [
      ['', 10],
      ['web', 10],
      ['web/s1', 10],
      ['web/s2', 0],
    ],
  );
  assert.deepEqual(step(ended.state, { type: 'end' }, 11_000).effects, []);
});

test('a service that is the same object as in the last look counts as one that was read anew', () => {
  const [one, two] = [web(5, 7, 3).services, web(9, 8, 4).services];
  const steady = service(443, counted(4), [destination('s9', counted(2), 6, 1)]);
  const document = documentOf({ web: ['s1', 's2'] });
  const same = look(
    [{ services: [...one, steady] }, { services: [...two, steady] }, { services: [...two, steady] }],
    begun(document),
  );
  const fresh = look(
    structuredClone([{ services: [...one, steady] }, { services: [...two, steady] }, { services: [...two, steady] }]),
    begun(document),
  );
  assert.deepEqual({ ...same.state, read: undefined }, { ...fresh.state, read: undefined });
  assert.deepEqual(same.rows, fresh.rows);
});
