import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gainLines, gainName, gainsOf, shareLines, shareOf } from '../../bench/forward/report.ts';
import { rowsOf } from '../../bench/report.ts';

const figures = (name: string, ...values: number[]) => values.map((value) => ({ name, value }));

test('a speed below its bar is missed, and one without a bar is only stated', () => {
  const rows = rowsOf([...figures('ours', 90, 99, 98), ...figures('theirs', 100, 100, 100)]);
  const [bar, stated] = [shareOf(rows, 'ours', 'theirs', 1), shareOf(rows, 'ours', 'theirs')];
  assert.deepEqual([bar.ratio, bar.met, stated.met], [0.98, false, true]);
  assert.deepEqual(shareLines([bar, stated]), [
    'ours / theirs: 0.980 (wanted: at least 1), MISSED',
    'ours / theirs: 0.980',
  ]);
  assert.equal(shareOf(rows, 'theirs', 'ours', 1).met, true);
  assert.throws(() => shareOf(rows, 'ours', 'nobody’s'), /nobody’s/);
});

test('what a knob spares is told by medians, with the larger of both ranges; one that was never turned on is no gain', () => {
  const off = figures(gainName('knob', 'datagram (ns)', 'off'), 200, 190, 210);
  const on = figures(gainName('knob', 'datagram (ns)', 'on'), 150, 150, 153);
  const gains = gainsOf(rowsOf([...off, ...on]));
  assert.deepEqual(gains, [{ knob: 'knob', unit: 'datagram (ns)', off: 200, on: 150, percent: 25, spread: 10 }]);
  assert.match(gainLines(gains)[1]!, /^knob: datagram \(ns\) +200 +150 +25\.0% +10\.0%$/);
  assert.throws(() => gainsOf(rowsOf(off)), /no figure of "knob" turned on/);
});
