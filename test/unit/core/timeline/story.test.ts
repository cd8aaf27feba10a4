import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storiesOf } from '../../../../src/core/timeline/story.ts';
import { BOOT, mark, record, timeline } from './records.ts';

const takeover = record('b', {
  monotonic: 10_097,
  firstSign: 10_000,
  marks: [
    mark(2000, 'gap', { subject: 'serial', value: 61, count: 3 }),
    mark(2500, 'late', { value: 33 }),
    mark(9965, 'last-beat', { subject: 'serial', value: 4711 }),
    mark(10_000, 'suspected'),
    mark(10_001, 'probe', { count: 4 }),
    mark(10_065, 'silent', { subject: 'serial', value: 100 }),
    mark(10_095, 'role', { subject: 'taking', value: 8 }),
    mark(10_096, 'install', { value: 8 }),
    mark(10_097, 'installed', { value: 8 }),
    mark(10_097, 'role', { subject: 'active', value: 8 }),
    mark(10_098, 'announced'),
    mark(10_118, 'announced'),
  ],
  term: 8,
});

test('a power cut is told from the last beat to the announcement, with the silence in the time it took', () => {
  const [story] = storiesOf(timeline('b', takeover));
  assert.deepEqual(
    story!.lines.map(({ at, text }) => `${at} ${text}`),
    [
      '-35 last beat of a on serial, sequence 4711',
      '0 suspected: begins to probe for the floats',
      '1 4 ARP probes for both floats, from here on',
      '65 a silent on serial past the deadline of 100 ms',
      '95 taking, term 8',
      '96 the kernel is asked for both floats',
      '97 installed: the kernel has both floats',
      '97 standby → active, term 8, cause peer-silent: as told',
      '98 announced: gratuitous ARP for both floats',
      '118 announced: gratuitous ARP for both floats',
    ],
  );
  assert.deepEqual(story!.shares, [
    { ms: 35, who: 'b', until: 'suspected' },
    { ms: 95, who: 'b', until: 'taking' },
    { ms: 2, who: 'b', until: 'installed' },
    { ms: 1, who: 'b', until: 'announced' },
  ]);
  assert.deepEqual(story!.before, { b: '3 gaps on serial, the longest 61 ms · woke at most 33 ms late' });
  assert.equal(story!.clocks, undefined);
});

test('moves within seconds of each other are one story, later ones another, and marks in both records are told once', () => {
  const again = record('b', { ...takeover, id: 'x-2', monotonic: 12_000, firstSign: 11_990, to: 'standby' });
  const later = record('b', { ...takeover, id: 'x-3', monotonic: 90_000, firstSign: 89_900, marks: [] });
  const stories = storiesOf(timeline('b', takeover, again, later));
  assert.deepEqual(
    stories.map(({ moves }) => moves.length),
    [2, 1],
  );
  assert.equal(stories[0]!.lines.filter(({ what }) => what === 'suspected').length, 1);
});

test('a record of another process is another story, however near its clock looks', () => {
  const other = record('b', { ...takeover, boot: 'cccccccccccccccc' });
  assert.equal(storiesOf(timeline('b', takeover, other)).length, 2);
});

test('without a common beat the wall clocks and the terms decide, and it is said', () => {
  const released = record('a', { term: 7, to: 'standby', cause: 'nic-down', at: takeover.at + 300, twinBoot: '' });
  const [story, more] = storiesOf(timeline('a', released), timeline('b', takeover));
  assert.equal(more, undefined);
  assert.deepEqual(story!.clocks, { by: 'wall', beats: 0, withinMs: null });
  const far = record('a', { ...released, at: takeover.at + 60_000 });
  assert.equal(storiesOf(timeline('a', far), timeline('b', takeover)).length, 2);
  const foreign = record('a', { ...released, term: 3 });
  assert.equal(storiesOf(timeline('a', foreign), timeline('b', takeover)).length, 2);
});

test('stories of both boxes come in the order of their terms, and each box’s in its own', () => {
  const years = 1e11;
  const own = [3, 7].map((term) => record('a', { term, boot: `${BOOT.a.slice(1)}${term}`, at: term * years }));
  const twin = [5, 9].map((term) => record('b', { term, boot: `${BOOT.b.slice(1)}${term}`, at: -term * years }));
  const stories = storiesOf(timeline('a', ...own), timeline('b', ...twin));
  assert.deepEqual(
    stories.map(({ moves }) => `${moves[0]!.who}${moves[0]!.term}`),
    ['a3', 'b5', 'a7', 'b9'],
  );
});

test('a record without marks still tells its steps', () => {
  const [story] = storiesOf(timeline('a', record('a', { steps: { suspected: 0, proven: 50, installed: 60 } })));
  assert.deepEqual(story!.lines.map(({ at, text }) => `${at} ${text}`).slice(0, 3), [
    '0 suspected',
    '50 proven',
    '60 installed',
  ]);
  assert.deepEqual(
    story!.shares.map(({ ms, until }) => `${ms} ${until}`),
    ['50 proven', '10 installed'],
  );
});
