import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  blind,
  outages,
  PATIENCE,
  type Probe,
  type Series,
  trouble,
  worstOutage,
} from '../../../image/rack/drill/measure.ts';

const PERIOD = 5;

/** One letter a probe: `.` answered at once, `x` never, `L` too late, `l` just in time, space = not sent. */
function series(picture: string, kind: 'tcp' | 'udp' = 'udp', period = PERIOD): Series {
  const waits: Record<string, number | undefined> = { '.': 1, x: undefined, L: PATIENCE + 0.1, l: PATIENCE };
  const probes = [...picture].flatMap((letter, slot): Probe[] =>
    letter === ' ' ? [] : [{ sequence: slot, sent: slot * period, waited: waits[letter] }],
  );
  return { kind, period, probes };
}

const lengths = (picture: string) => outages(series(picture)).map(({ ms }) => ms);

describe('an outage', () => {
  test('is the span between answered probes around unanswered ones, less one period', () => {
    assert.deepEqual(lengths('......'), []);
    assert.deepEqual(lengths('..x...'), [5]);
    assert.deepEqual(lengths('..xxxx..'), [20]);
    assert.deepEqual(lengths('..xx..x.'), [10, 5]);
  });

  test('counts an answer beyond patience as none, and one just within as one', () => {
    assert.deepEqual(lengths('..LL..'), [10]);
    assert.deepEqual(lengths('..ll..'), []);
  });

  test('takes in the time in which nothing was sent when something failed in it', () => {
    assert.deepEqual(lengths('..x    ..'), [25]);
  });

  test('at the start counts from the first unanswered probe, and at the end is not restored', () => {
    assert.deepEqual(outages(series('xxx..')), [{ ms: 15, from: 0, to: 15, restored: true }]);
    assert.deepEqual(outages(series('..xxx')), [{ ms: 15, from: 5, to: 20, restored: false }]);
    assert.deepEqual(outages(series('xxx')), [{ ms: 10, from: 0, to: 10, restored: false }]);
    assert.deepEqual(outages(series('')), []);
  });

  test('is none when the prober alone was late, which is blind time', () => {
    const late = series('...          ...');
    assert.deepEqual(outages(late), []);
    assert.equal(blind(late), 50);
    assert.equal(blind(series('......')), 0);
  });

  test('is judged for each kind apart; one that never ended outweighs longer ones that did', () => {
    const tcp = series('..xx......', 'tcp', 10);
    const udp = series('....................', 'udp', 5);
    assert.equal(worstOutage([udp, tcp])?.ms, 20);
    assert.equal(worstOutage([udp, tcp])?.kind, 'tcp');
    assert.equal(worstOutage([udp]), undefined);
    assert.equal(worstOutage([series('..xxxxxx..'), series('........xx', 'tcp', 10)])?.restored, false);
  });

  test('does not depend on the order of the records or on duplicates', () => {
    const pictures = fc
      .array(fc.constantFrom('.', 'x', 'L', 'l', ' '), { maxLength: 60 })
      .map((letters) => letters.join(''));
    fc.assert(
      fc.property(pictures, fc.array(fc.nat()), fc.infiniteStream(fc.nat()), (picture, twice, chance) => {
        const plain = series(picture);
        const doubled = twice.flatMap((n) => {
          const probe = plain.probes[n % Math.max(1, plain.probes.length)];
          return probe ? [{ ...probe, waited: undefined }] : [];
        });
        const mixed = [...plain.probes, ...doubled]
          .map((probe) => ({ probe, key: chance.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ probe }) => probe);
        assert.deepEqual(outages({ ...plain, probes: mixed }), outages(plain));
        assert.equal(blind({ ...plain, probes: mixed }), blind(plain));
      }),
    );
  });

  test('of a service that was gone from D to E measures E - D within two periods, wherever the probes fall', () => {
    const time = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        time,
        fc.double({ min: 20, max: 400, noNaN: true }),
        fc.array(time, { minLength: 200, maxLength: 200 }),
        (phase, length, jitters) => {
          const down = 100 + phase * PERIOD;
          const probes = jitters.map((jitter, sequence): Probe => {
            const sent = sequence * PERIOD + jitter * 2;
            return { sequence, sent, waited: sent >= down && sent < down + length ? undefined : 1 };
          });
          const measured = worstOutage([{ kind: 'udp', period: PERIOD, probes }])?.ms ?? 0;
          assert.ok(Math.abs(measured - length) <= 2 * PERIOD, `${measured} for ${length}`);
        },
      ),
    );
  });
});

describe('trouble', () => {
  test('is the number and the span of failed probes, answered ones between them or not', () => {
    assert.deepEqual(trouble(series('..x..x..L..'), 0), { failed: 3, span: 30 });
    assert.deepEqual(trouble(series('..x..x..L..'), 20), { failed: 2, span: 15 });
    assert.deepEqual(trouble(series('....'), 0), { failed: 0, span: 0 });
  });
});
