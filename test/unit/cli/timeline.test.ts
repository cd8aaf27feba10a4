import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TandemError } from '../../../src/model/error.ts';
import { MAX_RECORDS, timelineSchema } from '../../../src/model/timeline.ts';
import { mark, record, timeline } from '../core/timeline/records.ts';
import { LANE, sockets, tandem } from './fake.ts';

const WALL = Date.UTC(2026, 10, 22, 1, 2, 3);

/** a hands over to b; b's clock shows 40 s more, its wall clock a day more. */
const RELEASED = record('a', {
  at: WALL,
  to: 'standby',
  from: 'active',
  term: 7,
  cause: 'hand-over',
  evidence: 'asked for by operator; b is fit and prepared term 8',
  steps: { decided: 0, dropped: 1.5 },
  firstSign: 5003,
  monotonic: 5004.5,
  marks: [
    mark(5000, 'hand-over', { subject: 'asking' }),
    mark(5003, 'role', { subject: 'releasing', value: 7 }),
    mark(5004.5, 'dropped'),
  ],
  beats: {
    sent: [
      [10, 5000],
      [11, 5004.5],
    ],
    heard: [[20, 5002.5]],
  },
});
const TAKEN = record('b', {
  at: WALL + 86_400_000,
  term: 8,
  cause: 'hand-over',
  evidence: 'a let both floats go and granted term 8',
  steps: { granted: 0, installed: 2, announced: 3 },
  firstSign: 45_005,
  monotonic: 45_007,
  marks: [
    mark(45_002, 'prepared', { value: 8 }),
    mark(45_005, 'role', { subject: 'taking', value: 8 }),
    mark(45_007, 'installed', { value: 8 }),
    mark(45_008, 'announced'),
  ],
  beats: {
    sent: [[20, 45_002]],
    heard: [
      [10, 45_000.5],
      [11, 45_005],
    ],
  },
});

const TWIN = { 'b.json': JSON.stringify(timeline('b', TAKEN)) };

test('the twin’s part is fetched by itself, as if its file had been given', async () => {
  const { run, close } = await sockets({
    controller: (request) => (request.do === 'twin' ? timeline('b', TAKEN) : timeline('a', RELEASED)),
  });
  const fetched = await tandem(['timeline'], { run });
  const given = await tandem(['timeline', '--with', 'b.json'], { run, files: TWIN });
  assert.deepEqual([fetched.code, fetched.err, fetched.out], [0, '', given.out]);
  assert.match(fetched.out, /b {2}/);
  await close();
});

test('one box’s moves are told ms by ms', async () => {
  const { run, asked, close } = await sockets({
    controller: (request) => {
      if (request.do === 'timeline') return timeline('a', RELEASED);
      throw new TandemError('unreachable', 'there is no channel to the twin’s controller');
    },
  });
  const { code, out, err } = await tandem(['timeline'], { run });
  assert.deepEqual([code, err], [0, 'the twin does not answer; this is this router’s part alone']);
  assert.deepEqual(asked, [
    { do: 'timeline', last: MAX_RECORDS },
    { do: 'twin', question: { what: 'timeline', last: MAX_RECORDS } },
  ]);
  assert.equal(
    out,
    `2026-11-22 01:02:02Z (a’s clock)  a: active → standby, term 7, cause hand-over
       ms
     -3.0  a  asks b to prepare a term
      0.0  a  releasing, term 7
      1.5  a  dropped: both floats are gone
      1.5  a  active → standby, term 7, cause hand-over: asked for by operator; b is fit and prepared term 8
  where 4.5 ms went: 3.0 until a releasing, 1.5 until a dropped`,
  );
  await close();
});

test('--with puts the twin’s lines in by the beats that both know, not by the wall clocks', async () => {
  const { run, close } = await sockets({ controller: () => timeline('a', RELEASED) });
  const { code, out, err } = await tandem(['timeline', '--with', 'b.json'], { run, files: TWIN });
  assert.deepEqual([code, err], [0, '']);
  assert.equal(
    out,
    `2026-11-22 01:02:02Z (a’s clock)  a: active → standby, term 7, cause hand-over · b: standby → active, term 8, cause hand-over
       ms
     -3.0  a  asks b to prepare a term
     -1.0  b  prepared term 8
      0.0  a  releasing, term 7
      1.5  a  dropped: both floats are gone
      1.5  a  active → standby, term 7, cause hand-over: asked for by operator; b is fit and prepared term 8
      2.0  b  taking, term 8
      4.0  b  installed: the kernel has both floats
      4.0  b  standby → active, term 8, cause hand-over: a let both floats go and granted term 8
      5.0  b  announced: gratuitous ARP for both floats
  where 8.0 ms went: 2.0 until b prepared, 1.0 until a releasing, 1.5 until a dropped, 0.5 until b taking, 2.0 until b installed, 1.0 until b announced
  b’s lines are placed by 3 common beats: they may be off by 0.5 ms`,
  );
  const json = await tandem(['timeline', '--with', 'b.json', '--json'], { run, files: TWIN });
  const [story, more] = JSON.parse(json.out);
  assert.deepEqual([story.moves.length, story.clocks.by, more], [2, 'beats', undefined]);
  await close();
});

test('--json is what the twin’s --with reads, and --last says how much of it', async () => {
  const { run, asked, close } = await sockets({ controller: () => timeline('a', RELEASED) });
  const { code, out } = await tandem(['timeline', '--json', '--last', '5'], { run });
  assert.equal(code, 0);
  assert.deepEqual(timelineSchema.parse(JSON.parse(out)), timeline('a', RELEASED));
  assert.deepEqual(asked, [{ do: 'timeline', last: 5 }]);
  const wrong = await tandem(['timeline', '--last', '0'], { run });
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /--last takes a whole number from 1 to 32, not "0"/);
  await close();
});

test('three stories are told unless --last says otherwise, the newest last', async () => {
  const records = [1, 2, 3, 4].map((term) => record('a', { term, boot: `aaaaaaaaaaaaaaa${term}` }));
  const { run, close } = await sockets({ controller: () => timeline('a', ...records) });
  const terms = async (...more: string[]) =>
    [...(await tandem(['timeline', ...more], { run })).out.matchAll(/^2023.*term (\d)/gm)].map(([, term]) =>
      Number(term),
    );
  assert.deepEqual(await terms(), [2, 3, 4]);
  assert.deepEqual(await terms('--last', '1'), [4]);
  await close();
});

test('a file that is no timeline of the twin is refused with what is wrong', async () => {
  const { run, close } = await sockets({ controller: () => timeline('a', RELEASED) });
  const told = async (text: string) => {
    const { code, out, err } = await tandem(['timeline', '--with', 'f'], { run, files: { f: text } });
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /remedy: give what `tandem timeline --json` printed on the twin/);
    return err;
  };
  assert.match(await told('story'), /^tandem: bad-request: f is not JSON/);
  assert.match(await told('{"node":"c","records":[]}'), /f is not a timeline\n {2}node: "c"/);
  assert.match(
    await told(JSON.stringify(timeline('b', { ...TAKEN, term: 'eight' } as never))),
    /records\[0\]\.term: "eight"/,
  );
  assert.match(await told(JSON.stringify(timeline('a', RELEASED))), /f has records of a, which is this router/);
  assert.match(await told(JSON.stringify(timeline('b', RELEASED))), /f has records of both routers/);
  await close();
});

test('another box’s text cannot move the cursor', async () => {
  const { run, close } = await sockets({ controller: () => timeline('a', RELEASED) });
  const files = { f: JSON.stringify(timeline('b', { ...TAKEN, evidence: '\u001b[2J\u202e' })) };
  const { out } = await tandem(['timeline', '--with', 'f'], { run, files });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not come out
  assert.doesNotMatch(out.replaceAll('\n', ''), /[\u0000-\u001f\u202e]/);
  await close();
});

test('without a controller the lane’s own moves are told, and it is said', async () => {
  const { run, close } = await sockets({ lane: () => LANE });
  const { code, out, err } = await tandem(['timeline'], { run });
  assert.equal(code, 0);
  assert.match(err, /the controller does not answer; these are the pair lane’s own moves/);
  assert.match(out, /standby → active, term 7, cause peer-silent: silent on 3 links/);
  assert.match(out, /^ +82\.3 {2}a {2}silent$/m);
  await close();
});

test('before the first move it says so; when nobody answers, where to look', async () => {
  const { run, close } = await sockets({ controller: () => timeline('a') });
  assert.equal((await tandem(['timeline'], { run })).out, 'the floats have not moved yet');
  await close();
  const { code, err } = await tandem(['timeline'], { run });
  assert.equal(code, 3);
  assert.match(err, /neither the controller .* nor the pair lane/);
});
