import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remaining } from '../../../image/rack/drill/all.ts';
import { drillNamed } from '../../../image/rack/drill/drills.ts';
import type { Quiet } from '../../../image/rack/drill/quiet.ts';
import { drillReport, type Frame, report, table } from '../../../image/rack/drill/report.ts';
import { broken, type RunResult } from '../../../image/rack/drill/result.ts';

const quiet: Quiet = {
  ...{ seconds: 20, gap_ms: { tcp: 38.6, udp: 24.9 }, outage_ms: 0, blind_ms: 4, late_p99_ms: 1 },
};
const frame: Frame = {
  machine: { cores: 2, cpu: 'Some Processor', accelerator: 'tcg', release: '0.1.0' },
  ...{ repeat: 3, connections: 100, thin: 1, seconds: 600, quiet },
};

const good = (run: number, outage_ms: number): RunResult => ({
  ...{ drill: 'power-cut', run, outage_ms, two_owner_ms: 0, ok: true, reasons: [], detail: undefined },
  connections: { held: 100, lost: 0 },
  takeover: { cause: 'peer-silent' },
});

const powerCut = drillNamed('power-cut');

test('a drill’s runs become median and range, the worst of everything else, and each reason once', () => {
  const bad: RunResult = {
    ...{ ...good(3, 1200), ok: false, two_owner_ms: 7, reasons: ['outage of 1200 ms', '2 connections lost'] },
    connections: { held: 98, lost: 2 },
  };
  const { outage_ms, two_owner_ms, lost, held, ok_runs, runs, ok, reasons } = drillReport(powerCut, [
    good(1, 160),
    bad,
    { ...bad, run: 4 },
    good(2, 180),
  ]);
  assert.deepEqual(outage_ms, { median: 690, min: 160, max: 1200 });
  assert.deepEqual([two_owner_ms, lost, held, ok_runs, runs, ok], [7, 4, 396, 2, 4, false]);
  assert.deepEqual(reasons, ['outage of 1200 ms', '2 connections lost', 'median outage of 690 ms, at most 200 ms']);
});

test('the whole is ok when every drill is and the quiet run came to a figure', () => {
  const fine = drillReport(powerCut, [good(1, 160), good(2, 150)]);
  assert.equal(report(frame, [fine]).ok, true);
  assert.equal(report({ ...frame, quiet: { ...quiet, broken: 'no answer' } }, [fine]).ok, false);
  assert.equal(report(frame, []).ok, false);
  const slow = drillReport(powerCut, [good(1, 300), good(2, 300), good(3, 300)]);
  assert.equal(report(frame, [fine, slow]).ok, false, 'every run is ok, and the median is not');
});

test('a drill that broke off is named, and has no figure', () => {
  const gone = drillReport(drillNamed('wan-down'), [broken('wan-down', 1, new Error('the rack is gone'))]);
  const whole = report(frame, [drillReport(powerCut, [good(1, 160)]), gone]);
  assert.equal(whole.ok, false);
  assert.deepEqual([whole.runs, whole.ok_runs], [2, 1]);
  assert.equal(gone.outage_ms, null);
  const lines = table(whole);
  assert.match(lines[0]!, /Tandem 0.1.0 on 2 cores of Some Processor, boxes by tcg/);
  assert.match(lines[1]!, /^quiet 20 s: longest gap between two answers 38.6 ms \(HTTP\), 24.9 ms \(UDP\)/);
  assert.match(
    lines.join('\n'),
    /\nwan-down +0\/1 +- +- +- .*NOT OK\n +the rack is gone\n1 of 2 runs and 1 of 2 drills ok$/,
  );
});

test('what is left is told by what was done', () => {
  assert.equal(remaining(0, 0, 12), '12 runs to do');
  assert.equal(remaining(4 * 90_000, 4, 12), 'some 12 min left');
  assert.equal(remaining(60_000, 1, 1), 'some 0 min left');
});
