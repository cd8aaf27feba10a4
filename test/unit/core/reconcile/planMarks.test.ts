import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeMark, markScript } from '../../../../src/codec/nft/commands.ts';
import { planMarks } from '../../../../src/core/reconcile/planMarks.ts';
import type { MarkEntry, MarkTable } from '../../../../src/model/marks.ts';
import { FakeMarks } from '../../../fakes/marks.ts';

const entry = (first: number, more: Partial<MarkEntry> = {}): MarkEntry => ({
  protocol: 'tcp',
  address: '198.51.100.10',
  first,
  last: first,
  mark: 7,
  ...more,
});

const SIX = entry(8000, { address: '2001:db8::10', last: 8100 });

function holding(...entries: MarkEntry[]): FakeMarks {
  const marks = new FakeMarks();
  marks.apply(planMarks(entries, marks.read()));
  marks.log.length = 0;
  return marks;
}

const steps = (desired: readonly MarkEntry[], observed: MarkTable): string[] =>
  planMarks(desired, observed).map(describeMark);

test('a table is made with its entries, in nft’s words', () => {
  assert.deepEqual(steps([entry(80), SIX], new FakeMarks().read()), [
    'nft add table inet tandem',
    'nft add element inet tandem marks4 { 198.51.100.10 . tcp . 80 : 7 }',
    'nft add element inet tandem marks6 { 2001:db8::10 . tcp . 8000-8100 : 7 }',
  ]);
});

test('what is right gives no step, in whatever order', () => {
  assert.deepEqual(steps([entry(443), entry(80)], holding(entry(80), entry(443)).read()), []);
  assert.deepEqual(steps([], new FakeMarks().read()), []);
});

test('one port more is one element', () => {
  assert.deepEqual(steps([entry(80), entry(443)], holding(entry(80)).read()), [
    'nft add element inet tandem marks4 { 198.51.100.10 . tcp . 443 : 7 }',
  ]);
});

test('a range that grows goes before it comes, and another mark is another element', () => {
  const marks = holding(entry(8000, { last: 8100 }), entry(80));
  const wanted = [entry(8000, { last: 8200 }), entry(80, { mark: 8 })];
  assert.deepEqual(steps(wanted, marks.read()), [
    'nft delete element inet tandem marks4 { 198.51.100.10 . tcp . 8000-8100 }',
    'nft delete element inet tandem marks4 { 198.51.100.10 . tcp . 80 }',
    'nft add element inet tandem marks4 { 198.51.100.10 . tcp . 8000-8200 : 7 }',
    'nft add element inet tandem marks4 { 198.51.100.10 . tcp . 80 : 8 }',
  ]);
  marks.apply(planMarks(wanted, marks.read()));
  assert.deepEqual(marks.read().entries, wanted);
});

test('without marks there is no table, and one that is not intact is made anew', () => {
  const marks = holding(entry(80));
  assert.deepEqual(steps([], marks.read()), ['nft delete table inet tandem']);
  assert.deepEqual(steps([entry(80)], { ...marks.read(), intact: false }), [
    'nft add table inet tandem',
    'nft add element inet tandem marks4 { 198.51.100.10 . tcp . 80 : 7 }',
  ]);
});

test('a script replaces the table within one transaction', () => {
  const script = markScript(planMarks([entry(80)], new FakeMarks().read()));
  assert.match(script, /^add table inet tandem\ndelete table inet tandem\ntable inet tandem \{\n/);
  assert.match(script, /\nadd element inet tandem marks4 \{ 198\.51\.100\.10 \. tcp \. 80 : 7 \}\n$/);
});
