import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import Database from 'better-sqlite3';
import { HISTORY, openHistory } from '../../../firmware/store/history.ts';
import { TandemError } from '../../../src/model/error.ts';
import type { StatsRow } from '../../../src/model/stats.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-history-'));
after(() => rmSync(folder, { recursive: true }));
let made = 0;
const fresh = (): string => join(folder, `${++made}.db`);

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);

const row = (series: string, at: number, connections: number, more: Partial<StatsRow> = {}): StatsRow => ({
  ...{ tier: 'second', series, at, ms: 1_000, connections, active: 1, inactive: 0 },
  ...{ packetsIn: 2 * connections, packetsOut: 0, bytesIn: 5e12 + connections, bytesOut: 0 },
  ...more,
});

const countOf = (path: string, tier: string): number =>
  new Database(path, { readonly: true }).prepare(`SELECT count(*) FROM stat_${tier}`).pluck().get() as number;

test('what was added is read back as rates, gathered into stretches, and outlives the process', () => {
  const path = fresh();
  const history = openHistory(path);
  const seconds = Array.from({ length: 20 }, (_, i) => row('web', NOW + i * 1_000, i, { active: i % 7 }));
  history.add([...seconds, row('', NOW, 999)], NOW + 20_000);
  history.close();
  const again = openHistory(path);
  const query = { series: 'web', tier: 'second', since: NOW + 10_000, stretch: 5_000 } as const;
  const points = again.read(query);
  assert.deepEqual(
    points.map(({ at, rates, active }) => [at - NOW, rates.connections, rates.packetsIn, active]),
    [
      [10_000, 12, 24, 6],
      [15_000, 17, 34, 5],
    ],
  );
  assert.equal(points[0]!.rates.bytesIn, 5e12 + 12);
  assert.deepEqual(again.read({ ...query, series: 'nobody' }), []);
  assert.deepEqual(again.read({ ...query, tier: 'minute' }), []);
  again.close();
});

test('two rows of one series and time are parts of one', () => {
  const history = openHistory(fresh());
  history.add([row('web', NOW, 10, { active: 5 })], NOW);
  history.add([row('web', NOW, 20, { ms: 2_000, active: 3 })], NOW);
  const [point] = history.read({ series: 'web', tier: 'second', since: 0, stretch: 1_000 });
  assert.equal(point?.rates.connections, 10);
  assert.equal(point?.active, 5);
  history.close();
});

test('what is too old goes, and what a clock that was ahead has left', () => {
  const path = fresh();
  const history = openHistory(path);
  history.add(
    [row('web', NOW - HISTORY.second.keepMs - 1, 1), row('web', NOW + 3 * 3_600_000, 1), row('web', NOW, 1)],
    NOW,
  );
  assert.equal(countOf(path, 'second'), 1);
  history.close();
});

test('a tier never has more rows than its limit; the newest stay, of other tiers nothing goes', () => {
  const path = fresh();
  const history = openHistory(path, { second: 30, minute: 1_000, server: 1_000 });
  history.add([row('web', NOW, 1, { tier: 'minute' })], NOW);
  for (let second = 0; second < 50; second += 1) {
    const rows = ['', 'web', 'mail'].map((series) => row(series, NOW + second * 1_000, second));
    history.add(rows, NOW + second * 1_000);
    assert.ok(countOf(path, 'second') <= 30);
  }
  assert.equal(countOf(path, 'minute'), 1);
  const points = history.read({ series: 'mail', tier: 'second', since: 0, stretch: 1_000 });
  assert.equal(points.at(-1)?.at, NOW + 49_000);
  assert.ok(points.length >= 9, `${points.length} points`);
  history.close();
});

test('an answer has at most 1,000 points, the newest', () => {
  const history = openHistory(fresh());
  const rows = Array.from({ length: 1_500 }, (_, i) => row('web', NOW + i * 1_000, i));
  history.add(rows, NOW + 1_500_000);
  const points = history.read({ series: 'web', tier: 'second', since: 0, stretch: 1_000 });
  assert.equal(points.length, 1_000);
  assert.equal(points.at(-1)?.at, NOW + 1_499_000);
  history.close();
});

test('what was added is on the disk when the process is killed at once', () => {
  const path = fresh();
  const source = `
    import { openHistory } from ${JSON.stringify(join(import.meta.dirname, '../../../firmware/store/history.ts'))};
    const history = openHistory(${JSON.stringify(path)});
    history.add([${JSON.stringify(row('web', NOW, 3))}], ${NOW});
    process.kill(process.pid, 'SIGKILL');`;
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', source]);
  assert.equal(done.signal, 'SIGKILL', done.stderr.toString());
  const history = openHistory(path);
  assert.equal(history.read({ series: 'web', tier: 'second', since: 0, stretch: 1_000 }).length, 1);
  history.close();
});

test('a disk that refuses is told as io, nothing of the batch stays, and later batches are kept again', () => {
  const path = fresh();
  const history = openHistory(path, { second: 5, minute: 5, server: 5 });
  history.add([row('web', NOW, 1)], NOW);
  const bad = [row('mail', NOW, 1), row('mail', Number.NaN, 1)];
  assert.throws(
    () => history.add(bad, NOW),
    (error: unknown) => error instanceof TandemError && error.code === 'io' && error.message.includes(path),
  );
  assert.equal(countOf(path, 'second'), 1);
  history.add([row('mail', NOW, 2)], NOW);
  assert.equal(history.read({ series: 'mail', tier: 'second', since: 0, stretch: 1_000 })[0]?.rates.connections, 2);
  history.close();
});
