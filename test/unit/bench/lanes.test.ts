import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkout } from '../../../image/rack/place.ts';
import { laneCommand } from '../../bench/takeover/lanes.ts';

const UNIT = readFileSync(join(checkout, 'image/rootfs/etc/systemd/system/tandem-pair.service'), 'utf8');

test('the lane runs with its unit’s priority and the unit’s options of the runtime', () => {
  const command = laneCommand(UNIT);
  assert.deepEqual(command.slice(0, 4), ['chrt', '--rr', '--reset-on-fork', '50']);
  assert.equal(command[4], process.execPath);
  assert.ok(command.includes('--single-threaded-gc'));
  assert.match(command.at(-1)!, /\/src\/pair\.ts$/);
});

test('a unit that reads otherwise is refused, not half understood', () => {
  assert.throws(() => laneCommand(UNIT.replace('/node ', '/other ')), /the lane’s unit reads otherwise/);
});
