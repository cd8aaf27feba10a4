import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DriftResult } from '../../../src/model/control.ts';
import type { DriftRow } from '../../../src/model/drift.ts';
import { sockets, tandem } from './fake.ts';

const AT = Date.UTC(2026, 10, 22, 1, 2, 3);
const ROW: DriftRow = {
  at: AT,
  last: AT,
  count: 1,
  kind: 'server',
  subject: 'tcp 198.51.100.10:80 > 192.0.2.11:8080',
  before: '-m -w 1',
  found: '-m -w 5',
  atStart: false,
  done: 'repaired',
  why: '',
};
const RESULT: DriftResult = {
  rows: [
    { ...ROW, at: AT + 60_000, last: AT + 90_000, count: 30, done: 'failed', why: '-e \u001b[2J: EPERM' },
    { ...ROW, kind: 'sysctl', subject: 'net.ipv4.ip_forward', before: '1', found: '0', atStart: true },
    ROW,
  ],
  left: [],
};

test('the ledger is two lines a difference, the newest last, without control characters', async () => {
  const { run, asked, close } = await sockets({ controller: () => RESULT });
  const { code, out } = await tandem(['drift', '--since', '1h', '--limit', '7'], { run });
  assert.equal(code, 0);
  assert.deepEqual(asked, [{ do: 'drift', since: 3_600_000, limit: 7 }]);
  assert.equal(
    out,
    [
      '2026-11-22 01:02:03Z server tcp 198.51.100.10:80 > 192.0.2.11:8080: was -m -w 1, found -m -w 5',
      '  repaired',
      '2026-11-22 01:02:03Z sysctl net.ipv4.ip_forward: should be 1, found 0',
      '  repaired (found at start: changed while the controller was not running, or not finished before)',
      '2026-11-22 01:03:03Z server tcp 198.51.100.10:80 > 192.0.2.11:8080: was -m -w 1, found -m -w 5',
      '  not repaired: -e  [2J: EPERM, 30 times until 01:03:33Z',
    ].join('\n'),
  );
  assert.deepEqual(JSON.parse((await tandem(['drift', '--json'], { run })).out), RESULT);
  await close();
});

test('an empty ledger says so, and a hold says why, until when and what it leaves alone', async () => {
  const hold = { reason: 'debugging', by: 'cli:night', until: AT };
  const { run, close } = await sockets({ controller: () => ({ rows: [], hold, left: ['sysctl x: was 1, found 0'] }) });
  assert.equal(
    (await tandem(['drift'], { run })).out,
    [
      'no drift is on record: nobody else has changed what is ours',
      'repair is held until 2026-11-22 01:02:03Z by cli:night: debugging',
      'left alone until then, or until `tandem drift resume`:',
      '  sysctl x: was 1, found 0',
    ].join('\n'),
  );
  await close();
});

test('hold and resume ask once and print what they are told', async () => {
  const answer = { text: 'drift is repaired again', left: ['sysctl x: was 1, found 0'], refused: [] };
  const { run, asked, close } = await sockets({ controller: () => answer });
  await tandem(['drift', 'hold', '--reason', 'debugging', '--for', '30m'], { run });
  await tandem(['drift', 'hold'], { run });
  const resumed = await tandem(['drift', 'resume'], { run });
  assert.deepEqual(asked, [
    { do: 'drift-hold', reason: 'debugging', by: 'cli:night', for: 1_800_000 },
    { do: 'drift-hold', reason: '', by: 'cli:night', for: 3_600_000 },
    { do: 'drift-resume', by: 'cli:night' },
  ]);
  assert.equal(resumed.out, 'drift is repaired again\n  sysctl x: was 1, found 0');
  await close();
});

test('what the kernel refuses at the end of a hold makes resume fail loudly', async () => {
  const answer = { text: 'drift is repaired again', left: [], refused: ['-e x: EPERM'] };
  const { run, close } = await sockets({ controller: () => answer });
  const { code, err } = await tandem(['drift', 'resume'], { run });
  assert.equal(code, 1);
  assert.equal(err, 'the kernel refused, and will be asked again: -e x: EPERM');
  await close();
});

for (const [args, words] of [
  [['drift', 'stop'], 'drift takes hold or resume, not "stop"'],
  [['drift', 'hold', '--for', '25h'], '--for takes a time like 90s, 15m, 1h or 7d, from 10s to 24h, not "25h"'],
  [['drift', 'hold', '--since', '1h'], '--since does not go with `tandem drift hold`'],
  [['drift', '--for', '1h'], '--for does not go with `tandem drift`'],
  [['drift', '--limit', '0'], '--limit takes a whole number from 1 to 1000, not "0"'],
] as const) {
  test(`a wrong command line is refused: ${args.join(' ')}`, async () => {
    const { code, err } = await tandem(args);
    assert.equal(code, 2);
    assert.ok(err.includes(words), err);
  });
}
