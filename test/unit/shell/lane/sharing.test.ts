import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharing } from '../../../../src/shell/lane/sharing.ts';

test('the data NICs share the routine beats beside a path of its own, in the order of the document', () => {
  assert.deepEqual(sharing(['serial', 'public', 'private']), ['public', 'private']);
  assert.deepEqual(sharing(['private', 'heartbeat', 'public', 'serial']), ['private', 'public']);
  assert.deepEqual(sharing(['heartbeat', 'private']), ['private']);
});

test('without one every link carries everything', () => {
  assert.deepEqual(sharing(['private', 'public']), []);
  assert.deepEqual(sharing(['serial']), []);
});
