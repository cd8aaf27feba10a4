import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type CheckState,
  type Heard,
  hear,
  MAX_MESSAGES,
  type Present,
  type Telling,
  tell,
  valid,
  WORD_MS,
  type Word,
  wordOf,
} from '../../../../src/core/health/index.ts';
import { LIMITS } from '../../../../src/model/document.ts';
import { MAX_FRAME, MAX_WHY, MAX_WORDS, type TwinHealth, twinMessage } from '../../../../src/model/twin.ts';
import { checkOfServer, namesOf, specOf } from './checks.ts';

const NOW = 10_000;
const up = (n: number, more: Partial<CheckState> = {}): CheckState => checkOfServer(n, more);
const down = (n: number, reason = 'refused'): CheckState => up(n, { verdict: 'down', reason });

const present = (checks: readonly CheckState[], more: Partial<Present> = {}): Present => ({
  digest: 'd1',
  checks,
  names: namesOf(checks),
  lost: [],
  owns: false,
  ...more,
});

/** Says all there is; what it takes to say it, and what the hearer makes of it. */
function saidAll(before: Telling | undefined, what: Present, heard?: Heard, now = NOW) {
  const messages: TwinHealth[] = [];
  let telling = before;
  let hearing = heard;
  let more = true;
  let turns = 0;
  for (; more; turns += 1) {
    const told = tell(telling, what, now);
    ({ telling, more } = told);
    messages.push(...told.messages);
    for (const message of told.messages) hearing = hear(hearing, twinMessage.parse(message) as TwinHealth, now);
  }
  return { telling, heard: hearing!, messages, turns };
}

test('a box says what it has proved: not what it adopted, not what it never asked, not what its stuck checker once knew', () => {
  const unknown = { verdict: 'unknown', reason: '', risenAt: undefined };
  assert.deepEqual(wordOf(up(1), NOW), { verdict: 'up', reason: 'connected', risenAt: undefined });
  assert.deepEqual(wordOf(up(1, { provenSince: undefined }), NOW), unknown);
  assert.deepEqual(wordOf(up(1, { verdict: 'unknown' }), NOW), unknown);
  assert.deepEqual(wordOf(up(1), NOW + 60_000), unknown);
  assert.equal(wordOf(up(1, { risenAt: 7000 }), NOW).risenAt, 7000);
  assert.equal(wordOf(up(1, { risenAt: 7000, verdict: 'down' }), NOW).risenAt, undefined);
  assert.equal(wordOf(down(1, 'x'.repeat(1000)), NOW).reason.length, MAX_WHY);
});

test('all at first, then only what has changed, and nothing when nothing has', () => {
  const checks = [up(1), down(2), up(3)];
  const first = saidAll(undefined, present(checks, { lost: ['web'] }));
  assert.deepEqual(
    first.messages.map(({ first: begins, words, lost, more }) => [begins, words.length, lost, more]),
    [[true, 3, ['web'], false]],
  );
  assert.deepEqual(saidAll(first.telling, present(checks, { lost: ['web'] })).messages, []);
  const next = saidAll(first.telling, present([up(1), up(2), up(3)], { lost: ['web'] }), first.heard);
  assert.deepEqual(
    next.messages.map(({ first: begins, words, lost }) => [begins, words.map(({ server }) => server), lost]),
    [[false, ['web/s2'], null]],
  );
  const owner = saidAll(next.telling, present([up(1), up(2), up(3)], { lost: ['web'], owns: true }), next.heard);
  assert.deepEqual(
    owner.messages.map(({ owns, lost, words }) => [owns, lost, words]),
    [[true, null, []]],
  );
  assert.deepEqual([owner.heard.owns, [...owner.heard.lost]], [true, ['web']]);
  const regained = saidAll(owner.telling, present([up(1), up(2), up(3)], { owns: true }), owner.heard);
  assert.deepEqual(
    regained.messages.map(({ owns, lost, words }) => [owns, lost, words]),
    [[true, [], []]],
  );
  assert.deepEqual([...regained.heard.lost], []);
});

test('of 10,000 servers a turn says a thousand, each message is far below a line’s limit, and all arrive', () => {
  const checks = Array.from({ length: 10_000 }, (_, n) =>
    up(n, { spec: specOf(n), reason: '"'.repeat(MAX_WHY), risenAt: 9000 }),
  );
  const { messages, heard, turns } = saidAll(undefined, present(checks));
  assert.equal(turns, 10_000 / (MAX_MESSAGES * MAX_WORDS));
  assert.ok(messages.every((message) => Buffer.byteLength(JSON.stringify(message)) < MAX_FRAME / 8));
  assert.deepEqual(
    messages.map(({ first }) => first).filter((begins) => begins),
    [true],
  );
  assert.deepEqual(
    messages.flatMap(({ more }, at) => (more ? [] : [at])),
    [messages.length - 1],
  );
  assert.equal(heard.words.size, 10_000);
});

test('another document, and a channel that opens anew, begin anew', () => {
  const checks = [up(1), down(2)];
  const { telling, heard } = saidAll(undefined, present(checks));
  const other = saidAll(telling, present([up(1)], { digest: 'd2' }), heard);
  assert.equal(other.messages[0]!.first, true);
  assert.deepEqual([other.heard.digest, [...other.heard.words.keys()]], ['d2', ['web/s1']]);
  const again = saidAll(undefined, present([up(1)]), heard);
  assert.deepEqual([...again.heard.words.keys()], ['web/s1']);
});

test('what was heard of one document says nothing of the next, also when its beginning was not heard', () => {
  const { heard } = saidAll(undefined, present([down(1)], { lost: ['web'] }));
  const later: TwinHealth = {
    do: 'health',
    digest: 'd2',
    first: false,
    owns: false,
    lost: null,
    words: [],
    more: false,
  };
  const now = hear(heard, later, NOW);
  assert.deepEqual([now.words.size, now.lost.size], [0, 0]);
});

test('what the twin says of the past counts from when it is heard; its two clocks are no matter', () => {
  const { messages } = saidAll(undefined, present([up(1, { risenAt: 4000 })]));
  assert.equal(hear(undefined, messages[0]!, 777_000).words.get('web/s1')?.risenAt, 771_000);
});

test('the word of a twin that is not heard stands for a while, and that of another document not at all', () => {
  const { heard } = saidAll(undefined, present([up(1)]));
  assert.equal(valid(heard, 'd1', 10 * WORD_MS), heard);
  assert.equal(valid(heard, 'd2', 0), undefined);
  const closed = { ...heard, closedAt: 1000 };
  assert.equal(valid(closed, 'd1', 1000 + WORD_MS), closed);
  assert.equal(valid(closed, 'd1', 1001 + WORD_MS), undefined);
});

test('a twin that names more servers than a document has fills no memory', () => {
  let heard: Heard | undefined;
  for (let at = 0; at < 100; at += 1) {
    const words = Array.from({ length: MAX_WORDS }, (_, n) => ({
      server: `web/${at}-${n}`,
      verdict: 'up' as const,
      reason: '',
      risenMs: null,
    }));
    heard = hear(heard, { do: 'health', digest: 'd1', first: at === 0, owns: true, lost: null, words, more: true }, 0);
  }
  assert.equal(heard?.words.size, LIMITS.servers);
});

const state = fc.record({
  verdict: fc.constantFrom('up' as const, 'down' as const, 'unknown' as const),
  reason: fc.constantFrom('', 'refused', 'timed out'),
  risenAt: fc.constantFrom(undefined, 2000, 9000),
  provenSince: fc.constantFrom(undefined, 0, 5000),
  provenAt: fc.constantFrom(NOW, NOW - 60_000),
});

test('however verdicts turn and whenever the channel is cut, the hearer holds in the end what the teller has proved', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ states: fc.array(state, { minLength: 4, maxLength: 4 }), cut: fc.boolean() }), {
        minLength: 1,
        maxLength: 8,
      }),
      (turns) => {
        let telling: Telling | undefined;
        let heard: Heard | undefined;
        let checks: CheckState[] = [];
        for (const { states, cut } of turns) {
          checks = states.map((part, n) => up(n + 1, part));
          const said = saidAll(cut ? undefined : telling, present(checks), heard);
          telling = said.telling;
          heard = said.heard ?? heard;
        }
        const proved = new Map<string, Word>();
        for (const [at, check] of checks.entries()) {
          const word = wordOf(check, NOW);
          if (word.verdict !== 'unknown') proved.set(`web/s${at + 1}`, word);
        }
        assert.deepEqual(new Map([...(heard?.words ?? [])].sort()), new Map([...proved].sort()));
      },
    ),
  );
});
