import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { relate } from '../../../../src/core/timeline/relate.ts';
import { storiesOf } from '../../../../src/core/timeline/story.ts';
import type { NodeId } from '../../../../src/model/pair.ts';
import type { Mark, Timeline } from '../../../../src/model/timeline.ts';
import { mark, record, timeline } from './records.ts';

/** Beats between two boxes whose clocks show what they like: when each was sent, and how long it took, ms of true time. */
interface Played {
  readonly beats: readonly { readonly from: NodeId; readonly sent: number; readonly travel: number }[];
  /** What the clocks of a and b show at true time 0. */
  readonly origins: Readonly<Record<NodeId, number>>;
  /** What is wrong with their wall clocks. */
  readonly skews: Readonly<Record<NodeId, number>>;
}

const hundredths = (min: number, max: number) => fc.integer({ min: min * 100, max: max * 100 }).map((n) => n / 100);

const played: fc.Arbitrary<Played> = fc.record({
  beats: fc.array(
    fc.record({
      from: fc.constantFrom<NodeId>('a', 'b'),
      sent: hundredths(0, 2000),
      travel: hundredths(0.5, 40),
    }),
    { minLength: 2, maxLength: 16 },
  ),
  origins: fc.record({ a: hundredths(10_000, 1_000_000), b: hundredths(10_000, 1_000_000) }),
  skews: fc.record({ a: fc.integer({ max: 1e11, min: -1e11 }), b: fc.integer({ max: 1e11, min: -1e11 }) }),
});

const round = (ms: number): number => Math.round(ms * 100) / 100;

/** Each box's record: `prepared` with the beat's number where it was sent, `twin` where it was heard. */
function recordsOf({ beats, origins, skews }: Played): Readonly<Record<NodeId, Timeline>> {
  const of = (node: NodeId): Timeline => {
    const at = (time: number): number => round(origins[node] + time);
    const numbered = beats.map((beat, index) => ({ ...beat, number: index + 1 }));
    const sent = numbered.filter(({ from }) => from === node);
    const heard = numbered.filter(({ from }) => from !== node);
    const marks = [
      ...sent.map((beat) => mark(at(beat.sent), 'prepared', { value: beat.number })),
      ...heard.map((beat) => mark(at(beat.sent + beat.travel), 'twin', { subject: 'standby', value: beat.number })),
    ].sort((one, other) => one.at - other.at);
    return timeline(
      node,
      record(node, {
        at: 1_700_000_000_000 + skews[node],
        monotonic: at(1000),
        firstSign: at(900),
        marks,
        beats: {
          sent: sent.map((beat) => [beat.number, at(beat.sent)]),
          heard: heard.map((beat) => [beat.number, at(beat.sent + beat.travel)]),
        },
      }),
    );
  };
  return { a: of('a'), b: of('b') };
}

const both = ({ beats }: Played): boolean => new Set(beats.map(({ from }) => from)).size === 2;

test('each box’s own events keep their order, and nothing is lost or invented', () => {
  fc.assert(
    fc.property(played, (how) => {
      const { a, b } = recordsOf(how);
      const stories = storiesOf(a, b);
      for (const { node, records } of [a, b]) {
        const told = stories.flatMap(({ lines }) => lines).filter(({ who, what }) => who === node && what !== 'move');
        assert.equal(told.length, records[0]!.marks.length);
        assert.deepEqual(
          told.map(({ what }) => what),
          records[0]!.marks.map(({ what }: Mark) => what),
        );
      }
      for (const { lines } of stories) {
        assert.ok(lines.every(({ at }, index) => index === 0 || at >= lines[index - 1]!.at));
      }
    }),
  );
});

test('no beat is heard before it is sent, wherever the clocks stand', () => {
  fc.assert(
    fc.property(played, (how) => {
      const { a, b } = recordsOf(how);
      const [story, more] = storiesOf(a, b);
      assert.equal(more, undefined);
      const place = (who: NodeId, what: string, number: number): number =>
        story!.lines.findIndex((line) => {
          const said =
            what === 'prepared'
              ? `prepared term ${number}`
              : `hears that ${who === 'a' ? 'b' : 'a'} is standby, term ${number}`;
          return line.who === who && line.what === what && line.text === said;
        });
      for (const [index, { from }] of how.beats.entries()) {
        const [cause, effect] = [
          place(from, 'prepared', index + 1),
          place(from === 'a' ? 'b' : 'a', 'twin', index + 1),
        ];
        assert.ok(cause >= 0 && effect >= 0);
        assert.ok(cause < effect, `beat ${index + 1}: sent at line ${cause}, heard at line ${effect}`);
      }
    }),
  );
});

test('wall clocks that are wrong by years change nothing but the headline', () => {
  fc.assert(
    fc.property(played, (how) => {
      const told = (skews: Played['skews']) => {
        const { a, b } = recordsOf({ ...how, skews });
        return storiesOf(a, b).map(({ wall: _, ...story }) => story);
      };
      assert.deepEqual(told(how.skews), told({ a: 0, b: 0 }));
    }),
  );
});

test('the offset found is the true one, as near as is said', () => {
  fc.assert(
    fc.property(played.filter(both), (how) => {
      const { a, b } = recordsOf(how);
      const found = relate(a.records, b.records, a.records[0]!.monotonic);
      const truth = how.origins.b - how.origins.a;
      assert.ok(found?.within !== undefined);
      // The clocks are written down to a hundredth of a ms.
      assert.ok(
        Math.abs(found.offset - truth) <= found.within + 0.02,
        `${found.offset} ± ${found.within}, not ${truth}`,
      );
    }),
  );
});

test('it is the same story from either box', () => {
  fc.assert(
    fc.property(played, (how) => {
      const { a, b } = recordsOf(how);
      const said = (own: Timeline, twin: Timeline) =>
        storiesOf(own, twin)[0]!.lines.map(({ who, text, at }) => ({ who, text, at: Math.round(at) }));
      const [one, other] = [said(a, b), said(b, a)];
      assert.equal(one.length, other.length);
      for (const node of ['a', 'b'] as const) {
        const of = (lines: typeof one) => lines.filter(({ who }) => who === node).map(({ text }) => text);
        assert.deepEqual(of(one), of(other));
      }
    }),
  );
});

test('a clock that stood still is related by what came after', () => {
  // a's clock stood still for 5 s between the beats at 1000 and those at 2000.
  const sent: [number, number][] = [
    [1, 1000],
    [3, 2000],
  ];
  const a = record('a', {
    monotonic: 2010,
    firstSign: 2005,
    beats: {
      sent,
      heard: [
        [2, 1002],
        [4, 2002],
      ],
    },
  });
  const b = record('b', {
    beats: {
      sent: [
        [2, 51_001],
        [4, 57_001],
      ],
      heard: [
        [1, 51_001],
        [3, 57_001],
      ],
    },
  });
  const found = relate([a], [b], a.monotonic);
  assert.ok(Math.abs(found!.offset - 55_000) < 1.01, `${found?.offset}`);
});
