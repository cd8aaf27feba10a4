import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openRecordFiles } from '../../../firmware/store/records.ts';
import { TandemError } from '../../../src/model/error.ts';
import { LINKS } from '../../../src/model/pair.ts';
import {
  MARKS,
  MAX_BEATS,
  MAX_EVIDENCE,
  MAX_MARKS,
  MAX_RECORD,
  MAX_RECORDS,
  type TimelineRecord,
} from '../../../src/model/timeline.ts';
import { mark, record } from '../core/timeline/records.ts';

const base = mkdtempSync(join(tmpdir(), 'tandem-records-'));
after(() => rmSync(base, { recursive: true }));
let folders = 0;
const fresh = (): string => {
  folders += 1;
  return join(base, `records-${folders}`);
};

const numbered = (number: number): TimelineRecord => record('a', { id: `boot-${number}`, term: number });
const headOf = ({ at, from, to, term, cause, evidence, steps }: TimelineRecord) => ({
  at,
  from,
  to,
  term,
  cause,
  evidence,
  steps,
});

test('a record comes back whole, also to another process, and to a lane that starts as its first line', async () => {
  const folder = fresh();
  const one = { ...numbered(1), marks: [mark(1.25, 'gap', { subject: 'serial', value: 61.5, count: 2 })] };
  const lane = openRecordFiles(folder);
  assert.deepEqual([await lane.load(), await lane.read(10)], [[], []]);
  await lane.save(one);
  await lane.save(numbered(2));
  const other = openRecordFiles(folder);
  assert.deepEqual(await other.read(10), [one, numbered(2)]);
  assert.deepEqual(await other.read(1), [numbered(2)]);
  assert.deepEqual(await other.load(), [headOf(numbered(2)), headOf(one)]);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.ok(readdirSync(folder).every((name) => (statSync(join(folder, name)).mode & 0o777) === 0o600));
});

test('a record of every link that a pair may have comes back', async () => {
  const folder = fresh();
  const links = LINKS.map((link, at) => ({ link, sent: at, received: at, lastSequence: at, lastAt: at }));
  const one = { ...numbered(1), links };
  await openRecordFiles(folder).save(one);
  assert.deepEqual(await openRecordFiles(folder).read(10), [one]);
});

test('a record saved again takes its own place, between others', async () => {
  const folder = fresh();
  const lane = openRecordFiles(folder);
  await lane.save({ ...numbered(1), complete: false });
  await lane.save(numbered(2));
  await lane.save(numbered(1));
  assert.deepEqual(await lane.read(10), [numbered(1), numbered(2)]);
});

test('a later process goes on behind the earlier one', async () => {
  const folder = fresh();
  await openRecordFiles(folder).save(numbered(1));
  await openRecordFiles(folder).save(numbered(2));
  assert.deepEqual(
    (await openRecordFiles(folder).read(10)).map(({ id }) => id),
    ['boot-1', 'boot-2'],
  );
});

test(`the newest ${MAX_RECORDS} are kept, and nothing else on the disk`, async () => {
  const folder = fresh();
  const lane = openRecordFiles(folder);
  for (let number = 1; number <= MAX_RECORDS + 7; number += 1) await lane.save(numbered(number));
  const ids = (await lane.read(100)).map(({ term }) => term);
  assert.deepEqual(
    ids,
    Array.from({ length: MAX_RECORDS }, (_, index) => index + 8),
  );
  assert.equal(readdirSync(folder).length, MAX_RECORDS);
});

test('a record as full as a lane makes it fits; a longer one is refused and leaves no trace', async () => {
  const lane = openRecordFiles(fresh());
  const far = 999_999_999.99;
  const [longest] = MARKS.toSorted((one, other) => other.length - one.length);
  const beats = Array.from({ length: MAX_BEATS }, (): [number, number] => [2 ** 48 - 1, far]);
  const full = {
    ...numbered(1),
    id: `${'f'.repeat(16)}-123456`,
    evidence: 'x'.repeat(MAX_EVIDENCE),
    marks: Array.from({ length: MAX_MARKS }, () =>
      mark(far, longest!, { subject: 'releasing', value: 2 ** 48 - 1, count: 60_000 }),
    ),
    beats: { sent: beats, heard: beats },
  };
  await lane.save(full);
  assert.deepEqual(await lane.read(1), [full]);
  await assert.rejects(
    lane.save({ ...full, id: 'y', evidence: 'x'.repeat(MAX_RECORD) }),
    (error) => error instanceof TandemError && error.code === 'too-large',
  );
  assert.deepEqual(await lane.read(10), [full]);
});

test('what is cut short, foreign or no record is left out; the others are still there', async () => {
  const folder = fresh();
  const lane = openRecordFiles(folder);
  for (const number of [1, 2, 3, 4]) await lane.save(numbered(number));
  const names = readdirSync(folder).sort();
  const second = readFileSync(join(folder, names[1]!), 'utf8');
  writeFileSync(join(folder, names[1]!), second.slice(0, second.length / 2));
  writeFileSync(join(folder, names[2]!), '{"at":"noon"}\n{}\n');
  writeFileSync(join(folder, `${names[3]}.new`), 'half a rec');
  writeFileSync(join(folder, 'README'), '');
  const other = openRecordFiles(folder);
  assert.deepEqual(
    (await other.read(10)).map(({ term }) => term),
    [1, 4],
  );
  assert.deepEqual(
    (await other.load()).map(({ term }) => term),
    [4, 2, 1],
  );
});

test('a disk that takes nothing is said, and only a few records wait for one that hangs', async () => {
  const blocked = fresh();
  mkdirSync(blocked, { recursive: true });
  writeFileSync(join(blocked, 'file'), '');
  const nowhere = openRecordFiles(join(blocked, 'file', 'records'));
  await assert.rejects(nowhere.save(numbered(1)), (error) => error instanceof TandemError && error.code === 'io');
  assert.deepEqual(await nowhere.load(), []);

  const lane = openRecordFiles(fresh());
  const asked = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => lane.save(numbered(index))));
  const refused = asked.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  assert.equal(refused.length, 12);
  assert.ok(refused.every((error) => error instanceof TandemError && error.code === 'too-many'));
  await lane.settled();
  await lane.save(numbered(99));
  assert.equal((await lane.read(100)).length, 9);
});
