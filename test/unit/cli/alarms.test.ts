import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alarmLines } from '../../../src/cli/print/alarms.ts';

test('a screen of alarms: the worst first, one remedy for those of a code, and how many are left out', () => {
  const downs = Array.from({ length: 10 }, (_, index) => ({
    code: 'server-down',
    subject: `web/s${index}`,
    text: 'refused',
  }));
  assert.deepEqual(alarmLines([...downs, { code: 'service-down', subject: 'web', text: 'no server left' }]), [
    '! critical service-down web: no server left',
    '  remedy: no real server of this service answers: look at the servers and at the private network',
    ...downs.slice(0, 8).map(({ subject }) => `! notice server-down ${subject}: refused`),
    '  and 2 more like these: `tandem status --json` has all',
    '  remedy: look at this real server; it gets no new connections until its checks succeed',
  ]);
});

test('nothing of another release reaches the terminal as it is', () => {
  assert.deepEqual(
    alarmLines([{ code: 'of-\u001b[2Jtomorrow', subject: '', text: 'x\u0007' }])
      .join('')
      .includes('\u001b'),
    false,
  );
});
