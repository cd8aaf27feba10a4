import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diff, patch } from '../../../src/model/diff.ts';

const json = fc.jsonValue({ maxDepth: 4 });

test('the changes lead from any value to any other, over JSON', () => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      const wire = JSON.parse(JSON.stringify(diff(before, after)));
      assert.deepEqual(patch(before, wire), JSON.parse(JSON.stringify(after)));
    }),
    { numRuns: 2_000 },
  );
});

test('a little change is a little', () => {
  const before = {
    name: 'rack',
    servers: [
      { active: 1, up: true },
      { active: 2, up: true },
    ],
    lane: { term: 7 },
  };
  const after = {
    name: 'rack',
    servers: [
      { active: 1, up: true },
      { active: 9, up: true },
    ],
    lane: { term: 7 },
  };
  assert.deepEqual(diff(before, after), [{ at: ['servers', 1, 'active'], value: 9 }]);
  assert.deepEqual(diff(before, before), []);
});

test('names come and go, `__proto__` too, and what did not change is shared', () => {
  const before = JSON.parse('{"keep":{"a":1},"old":1}');
  const after = JSON.parse('{"keep":{"a":1},"__proto__":{"x":1}}');
  const made = patch(before, JSON.parse(JSON.stringify(diff(before, after)))) as Record<string, unknown>;
  assert.deepEqual(Object.keys(made), ['keep', '__proto__']);
  assert.equal(made.keep, before.keep);
  assert.equal(({} as Record<string, unknown>).x, undefined);
});

test('a change for another value is noticed', () => {
  for (const at of [
    ['servers', 3, 'up'],
    ['nobody', 'up'],
    ['name', 'x'],
    ['servers', 'x'],
  ]) {
    assert.throws(() => patch({ name: 'rack', servers: [{ up: true }] }, [{ at, value: 1 }]), RangeError, String(at));
  }
});
