import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULTS } from '../../../image/rack/bench/faults.ts';
import { FAULT_NAMES, SYSTEM_NAMES } from '../../../image/rack/bench/names.ts';
import { cellsOf, median, type Report, slowerAt, table } from '../../../image/rack/bench/report.ts';
import { systemsWith } from '../../../image/rack/bench/systems.ts';
import { lostSince, reasonsOf, type Trial } from '../../../image/rack/bench/trial.ts';

const trial = (system: string, fault: string, outage_ms: number | null, more: Partial<Trial> = {}): Trial => ({
  ...{ system, fault, run: 1, outage_ms, two_owner_ms: 0, still_two_owners: false, synced: 100, blind_ms: 1 },
  connections: { held: 100, lost: 0 },
  lost_by: {},
  reasons: [],
  ...more,
});

const TRIALS: readonly Trial[] = [
  trial('ours', 'quiet', 0),
  trial('theirs', 'quiet', 10),
  ...[150, 170, 160, 900].map((ms) => trial('ours', 'cut', ms)),
  ...[3600, 3200].map((ms) => trial('theirs', 'cut', ms)),
  trial('theirs', 'cut', 5, { reasons: ['the floats did not go where they should'] }),
  trial('ours', 'kill', 140),
  trial('theirs', 'kill', 20, {
    two_owner_ms: 700,
    still_two_owners: true,
    connections: { held: 93, lost: 7 },
  }),
];

const cells = cellsOf(TRIALS, ['quiet', 'cut', 'kill'], ['ours', 'theirs'], 'ours');
const cell = (fault: string, system: string) => cells.find((one) => one.fault === fault && one.system === system)!;

test('the middle of an odd and of an even number, and of none', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(median([]), undefined);
});

test('a cell has median, range, ratio and the quiet figure of its own system', () => {
  const { median: middle, least, most, quiet, ratio, counted } = cell('cut', 'ours');
  assert.deepEqual(
    { middle, least, most, quiet, ratio, counted },
    {
      ...{ middle: 165, least: 150, most: 900, quiet: 0 },
      ...{ ratio: undefined, counted: 4 },
    },
  );
  assert.equal(cell('cut', 'theirs').ratio, 165 / 3400);
  assert.equal(cell('cut', 'theirs').quiet, 10);
});

test('a run that proves nothing counts in no figure, but is told', () => {
  assert.deepEqual([cell('cut', 'theirs').counted, cell('cut', 'theirs').runs], [2, 3]);
});

test('lost connections and two owners stand beside the outage they come with', () => {
  const { lost, held, twoOwners, stillTwo } = cell('kill', 'theirs');
  assert.deepEqual({ lost, held, twoOwners, stillTwo }, { lost: 7, held: 93, twoOwners: 700, stillTwo: 1 });
});

test('a system without a run, or with a median of nothing, gives no ratio', () => {
  assert.equal(cell('quiet', 'ours').ratio, undefined);
  const none = cellsOf([trial('theirs', 'cut', 0), trial('ours', 'cut', 9)], ['cut'], ['ours', 'theirs'], 'ours');
  assert.equal(none[1]!.ratio, undefined);
  const alone = cellsOf([trial('theirs', 'cut', 9)], ['cut'], ['ours', 'theirs'], 'ours');
  assert.deepEqual(
    alone.map(({ system, ratio }) => [system, ratio]),
    [['theirs', undefined]],
  );
});

test('where another is faster is known, and only there', () => {
  assert.deepEqual(slowerAt(cells, 'ours'), ['kill']);
});

test('the table has the machine, every cell, the reason where we are slower, and what was not counted', () => {
  const report: Report = {
    machine: { cores: 2, cpu: 'Some Processor', accelerator: 'tcg', release: '0.1.0' },
    systems: { ours: '1.0', theirs: '2.0, adverts every 1000 ms' },
    ...{ runs: 4, connections: 100, thin: 1, cells, trials: TRIALS },
    slower: { kill: 'because of that' },
  };
  const text = table(report).join('\n');
  assert.match(text, /machine: 2 cores, Some Processor, boxes under tcg/);
  assert.match(text, /theirs: 2\.0, adverts every 1000 ms/);
  assert.match(text, /^cut +ours +4\/4 +165 +150 to 900 +0 +0\/400 +0$/m);
  assert.match(text, /^ +theirs +2\/3 +3400 +3200 to 3600 +10 +0\.049 +0\/300 +0$/m);
  assert.match(text, /^ +theirs +1\/1 +20 .* 7\/100 +700, and still in 1 of 1\n {2}slower: because of that$/m);
  assert.match(text, /not counted:\n {2}cut, theirs, run 1: the floats did not go where they should$/);
});

test('a trial does not count when it is not over, moved nothing, or could hide a longer outage', () => {
  const good = { outage: 100, blind: 20, troubled: false };
  assert.deepEqual(reasonsOf(good, true), []);
  assert.match(reasonsOf({ ...good, troubled: true }, true).join(), /not served in peace/);
  assert.match(reasonsOf(good, false).join(), /did not go where/);
  assert.match(reasonsOf({ ...good, blind: 101 }, true).join(), /sent nothing for 101 ms/);
  assert.deepEqual(reasonsOf({ ...good, blind: 99 }, true), [], 'no longer outage could hide there');
  assert.deepEqual(reasonsOf({ ...good, outage: 0, blind: 49 }, true), [], 'every request waits that long at most');
});

test('what was lost while a fault was prepared is not the fault’s', () => {
  assert.deepEqual(lostSince({ ECONNRESET: 50, closed: 1 }, { ECONNRESET: 53, closed: 1, 'wrong byte': 2 }), {
    ECONNRESET: 3,
    'wrong byte': 2,
  });
});

test('what a person may pick is what there is', () => {
  assert.deepEqual(
    systemsWith().map(({ name }) => name),
    [...SYSTEM_NAMES],
  );
  assert.deepEqual(
    FAULTS.map(({ name }) => name),
    [...FAULT_NAMES],
  );
});
