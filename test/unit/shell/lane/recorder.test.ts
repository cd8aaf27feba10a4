import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Beat } from '../../../../src/codec/beat.ts';
import { TandemError } from '../../../../src/model/error.ts';
import {
  MAX_BEATS,
  MAX_MARKS,
  MAX_RECORDS,
  type RecordHead,
  recordSchema,
  type TimelineRecord,
} from '../../../../src/model/timeline.ts';
import type { RecordStore } from '../../../../src/ports/store.ts';
import { createRecorder } from '../../../../src/shell/lane/recorder.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { createBench } from './bench.ts';

class FakeRecords implements RecordStore {
  readonly saved: TimelineRecord[] = [];
  earlier: RecordHead[] = [];
  full = false;

  load = async (): Promise<readonly RecordHead[]> => this.earlier;

  async save(record: TimelineRecord): Promise<void> {
    if (this.full) throw new TandemError('io', 'no space left on device');
    this.saved.push(structuredClone(record));
  }
}

const TWIN = 'bbbbbbbbbbbbbbbb';

const beatOf = (sequence: number, more: Partial<Beat> = {}): Beat => ({
  version: 1,
  speaks: 1,
  pair: 1,
  from: 'b',
  boot: TWIN,
  sequence,
  term: 0,
  role: 'standby',
  publicUp: true,
  privateUp: true,
  ready: false,
  handingOver: false,
  prepared: 0,
  granted: 0,
  revision: 0,
  hearing: '',
  heard: { serial: 0, heartbeat: 0, public: 0, private: 0 },
  ...more,
});

/** A lane that has taken the floats and been left alone until its record was complete. */
async function taken(records = new FakeRecords()) {
  const bench = createBench([], { records });
  bench.runner.ready(true);
  await bench.run(5000);
  assert.equal(bench.runner.state().role, 'active');
  return { bench, records };
}

test('a take is written soon after it, and again when it is complete, under one id', async () => {
  const { records } = await taken();
  assert.deepEqual(
    records.saved.map(({ complete, id }) => [complete, id]),
    [
      [false, '00112233445566aa-1'],
      [true, '00112233445566aa-1'],
    ],
  );
  const [early, whole] = records.saved;
  assert.deepEqual(recordSchema.parse(whole), whole);
  assert.ok(whole!.marks.length > early!.marks.length);
  assert.equal(whole!.at, 1_700_000_000_000 + whole!.monotonic);
  const said = whole!.marks.map(({ what }) => what);
  for (const what of ['suspected', 'probe', 'persisted', 'install', 'installed', 'announced'] as const) {
    assert.ok(said.includes(what), `${what} is missing in ${said.join(' ')}`);
  }
  assert.ok(whole!.marks.every(({ at }, index) => index === 0 || at >= whole!.marks[index - 1]!.at));
  assert.ok(whole!.steps.announced! >= whole!.steps.installed!);
  assert.equal(whole!.firstSign + whole!.steps.installed!, whole!.monotonic);
});

test('the journal can be searched by how soon somebody should look: moves that nobody asked for, and what an alarm is', async () => {
  const { bench } = await taken();
  const said: [string, string | undefined][] = [];
  const recorder = createRecorder(new FakeClock(), (line, severity) => said.push([line.split(':')[0]!, severity]));
  const move = { from: 'standby', to: 'active', term: 2, evidence: 'as told', steps: {} } as const;
  for (const cause of ['peer-silent', 'hand-over'] as const)
    recorder.transition({ ...move, cause }, bench.runner.state(), []);
  const alarm = { code: 'floats-contested', subject: 'public', text: 'find it' } as const;
  recorder.alarm(alarm, true);
  recorder.alarm(alarm, false);
  assert.deepEqual(said, [
    ['standby -> active, term 2, cause peer-silent', 'warning'],
    ['standby -> active, term 2, cause hand-over', 'notice'],
    ['alarm raised', 'critical'],
    ['alarm cleared', 'notice'],
  ]);
});

test('a lane that starts shows the moves from before, newest first and no more than 32', async () => {
  const records = new FakeRecords();
  records.earlier = Array.from({ length: MAX_RECORDS }, (_, index) => ({
    at: 1000 - index,
    from: 'standby',
    to: 'active',
    term: 100 - index,
    cause: 'peer-silent',
    evidence: 'earlier',
    steps: {},
  }));
  const { bench } = await taken(records);
  const told = bench.runner.recorder.transitions();
  assert.equal(told.length, MAX_RECORDS);
  assert.equal(told[0]!.cause, 'first-start');
  assert.deepEqual(told[1], records.earlier[0]);
});

test('the last move of a lane that ends is handed to the disk before it ends', async () => {
  const { bench, records } = await taken();
  let saved = -1;
  bench.log.push = (line: string) => {
    if (line === 'ended') saved = records.saved.length;
    return 0;
  };
  bench.runner.shutdown();
  await bench.run(1);
  assert.equal(saved, 3);
  const last = records.saved.at(-1)!;
  assert.deepEqual([last.to, last.cause, last.complete], ['standby', 'shutdown', false]);
});

test('a disk that refuses is told of, and nothing else changes', async () => {
  const records = new FakeRecords();
  records.full = true;
  const { bench } = await taken(records);
  assert.equal(
    bench.log.filter((line) => /the record of a transition was not kept: no space left/.test(line)).length,
    2,
  );
  assert.equal(bench.runner.recorder.transitions().length, 1);
});

/** A bench whose twin is heard on the serial line, `count` times in a row. */
function heardBench(records: FakeRecords) {
  const bench = createBench([], { records });
  let sequence = 0;
  const hear = async (count: number, pause: number) => {
    for (let beats = 0; beats < count; beats += 1) {
      sequence += 1;
      const { sequence: echo } = bench.runner.state();
      const heard = { serial: echo, heartbeat: 0, public: echo, private: echo };
      bench.hear('serial', beatOf(sequence, { hearing: '00112233445566aa', heard }));
      await bench.run(pause);
    }
  };
  return { bench, hear };
}

test('gaps, a silent link and its return stand in the record, with the last beat before the silence', async () => {
  const records = new FakeRecords();
  const { bench, hear } = heardBench(records);
  await bench.run(100);
  await hear(10, 20);
  await bench.run(40);
  await hear(10, 20);
  await bench.run(480);
  await hear(10, 20);
  const lastAt = bench.runner.state().peer.links.serial.at;
  bench.runner.ready(true);
  await bench.run(6000);
  const record = records.saved.at(-1)!;
  const of = (what: string) => record.marks.filter((mark) => mark.what === what);
  assert.deepEqual(
    of('gap').map(({ subject, value }) => [subject, value]),
    [['serial', 60]],
  );
  assert.deepEqual(
    of('heard').map(({ subject, value }) => [subject, value]),
    [
      ['serial', 0],
      ['serial', 500],
    ],
  );
  assert.deepEqual(
    of('silent').map(({ at }) => at),
    [of('heard')[1]!.at - 500 + 100, lastAt + 100],
  );
  assert.deepEqual(
    of('last-beat').map(({ at, value }) => [at, value]),
    [[lastAt, 30]],
  );
  assert.equal(of('twin-boot').length, 1);
  assert.equal(record.twinBoot, TWIN);
  assert.deepEqual(record.cause, 'peer-silent');
});

test('whatever floods in, a record stays within its bounds and looks back one minute', async () => {
  const records = new FakeRecords();
  const bench = createBench([], { records });
  for (let round = 0; round < 3500; round += 1) {
    bench.hear('serial', beatOf(round * 32 + 32, { role: round % 2 === 0 ? 'active' : 'standby', hearing: '' }));
    bench.hear('public', beatOf(1, { boot: round.toString(16).padStart(16, '0') }));
    bench.runner.ready(round % 2 === 0);
    await bench.run(20);
  }
  bench.runner.ready(true);
  await bench.run(10_000);
  const record = records.saved.at(-1)!;
  assert.ok(record.complete);
  assert.equal(record.marks.length, MAX_MARKS);
  assert.equal(record.beats.sent.length, MAX_BEATS);
  assert.ok(record.marks[0]!.at >= record.monotonic - 60_000);
  assert.ok(record.beats.sent[0]![1] >= record.monotonic - 60_000);
});

test('a silence that led to the move is told once, also when the link comes back before the record is complete', async () => {
  const records = new FakeRecords();
  const { bench, hear } = heardBench(records);
  await bench.run(100);
  await hear(10, 20);
  const lastAt = bench.runner.state().peer.links.serial.at;
  bench.runner.ready(true);
  await bench.run(1000);
  assert.equal(bench.runner.state().role, 'active');
  await hear(150, 20);
  const record = records.saved.at(-1)!;
  assert.ok(record.complete && record.to === 'active');
  const told = record.marks.filter(({ what, subject }) => what === 'silent' && subject === 'serial');
  assert.deepEqual(
    told.map(({ at }) => at),
    [lastAt + 100],
  );
  assert.equal(record.marks.filter(({ what, value }) => what === 'heard' && value > 1000).length, 1);
});

test('what lies more than a minute back is left out', async () => {
  const records = new FakeRecords();
  const bench = createBench([], { records });
  await bench.run(30_000);
  bench.hear('serial', beatOf(1, { boot: TWIN }));
  await bench.run(40_000);
  bench.runner.ready(true);
  await bench.run(5000);
  const record = records.saved.at(-1)!;
  const said = record.marks.map(({ what }) => what);
  assert.ok(!said.includes('nic-up'), said.join(' '));
  assert.ok(said.includes('controller-ready'));
  assert.ok(record.beats.sent.length > 50 && record.beats.sent[0]![1] >= record.monotonic - 60_000);
});

test('which neighbours resolve the floats is logged, in the status and in the record', async () => {
  const { bench, records } = await taken();
  const { restored } = records.saved.at(-1)!;
  assert.ok(restored?.ms != null);
  assert.deepEqual(
    restored.neighbours.map(({ address, ms }) => [address, ms !== null]),
    [
      ['198.51.100.1', true],
      ['192.0.2.11', true],
    ],
  );
  const said = bench.log.filter((line) => line.includes('restored'));
  assert.equal(said.length, 1);
  assert.match(said[0]!, /^restored in [\d.]+ ms: 2 of 2 neighbours resolve the floats to this box$/);
  assert.equal(bench.runner.recorder.transitions()[0]?.restored?.ms, restored.ms);
});

test('a record waits for the outcome of its neighbours, and names who did not answer', async () => {
  const records = new FakeRecords();
  const bench = createBench([], { records });
  bench.silent.push('198.51.100.1');
  bench.runner.ready(true);
  await bench.run(9000);
  const record = records.saved.at(-1)!;
  assert.equal(record.complete, true);
  assert.equal(record.restored?.ms, null);
  assert.ok(
    bench.log.includes(
      'not restored: 1 of 2 neighbours resolve the floats to this box; no answer from the gateway 198.51.100.1',
    ),
    bench.log.join('\n'),
  );
  bench.silent.length = 0;
  await bench.run(10_000);
  assert.ok(bench.log.some((line) => /^restored in [\d.]+ ms: 2 of 2/.test(line)));
  assert.deepEqual(
    bench.runner.state().alarms.filter(({ code }) => code === 'neighbour-unresolved'),
    [],
  );
});
