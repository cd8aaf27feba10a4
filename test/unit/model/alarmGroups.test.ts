import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alarmGroups, SHOWN_ALARMS } from '../../../src/model/alarmGroups.ts';

const downs = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ code: 'server-down', subject: `web/s${index}`, text: 'refused' }));

test('alarms of one code stand together with one remedy, the worst code first', () => {
  const groups = alarmGroups([
    ...downs(2),
    { code: 'of-tomorrow', subject: '', text: 'new' },
    { code: 'service-down', subject: 'web', text: 'no server left' },
  ]);
  assert.deepEqual(
    groups.map(({ code, severity, shown, more }) => [code, severity, shown.map(({ subject }) => subject), more]),
    [
      ['service-down', 'critical', ['web'], 0],
      ['of-tomorrow', 'warning', [''], 0],
      ['server-down', 'notice', ['web/s0', 'web/s1'], 0],
    ],
  );
  assert.match(groups[0]?.remedy ?? '', /private network/);
  assert.equal(groups[1]?.remedy, undefined);
});

test('ten thousand dead servers are told by the first ones and a count', () => {
  const [group] = alarmGroups(downs(10_000));
  assert.equal(group?.shown.length, SHOWN_ALARMS);
  assert.equal(group?.more, 10_000 - SHOWN_ALARMS);
});
