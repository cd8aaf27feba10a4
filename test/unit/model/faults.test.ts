import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest, printPath, printValue } from '../../../src/model/faults.ts';

const FIELDS = [
  'name',
  'protocol',
  'port',
  'scheduler',
  'persistence_s',
  'one_packet',
  'servers',
  'weight',
  'interval_ms',
];

test('the word a person meant', () => {
  for (const [written, meant] of [
    ['prot', 'port'],
    ['wieght', 'weight'],
    ['Weight', 'weight'],
    ['one-packet', 'one_packet'],
    ['sheduler', 'scheduler'],
    ['interval', 'interval_ms'],
    ['persistence', 'persistence_s'],
    ['server', 'servers'],
    ['real_servers', 'servers'],
    ['colour', undefined],
    ['x', undefined],
    ['', undefined],
    ['port'.repeat(20), undefined],
  ] as const) {
    const among = written === 'prot' ? FIELDS.filter((field) => field !== 'protocol') : FIELDS;
    assert.equal(nearest(written, among), meant, written);
  }
});

test('paths and values as a person would write them', () => {
  assert.equal(printPath([]), 'document');
  assert.equal(printPath(['services', 0, 'servers', 2, 'weight']), 'services[0].servers[2].weight');
  assert.equal(printPath(['a b', 'c\n']), '["a b"]["c\\n"]');
  assert.equal(printValue(undefined), '(missing)');
  assert.equal(printValue(Number.NaN), 'NaN');
  assert.equal(printValue({ a: [1, 'x'] }), '{"a":[1,"x"]}');
  assert.equal(printValue('y'.repeat(100)).length, 80);
});
