import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KnownDump } from '../../../../firmware/netlink/knownDump.ts';

/** Feeds one dump of such payloads; a value names what it was made of. */
function dump(known: KnownDump<{ of: string }>, payloads: readonly string[]) {
  let decoded = 0;
  known.begin();
  for (const payload of payloads) {
    known.take(Buffer.from(payload), () => {
      decoded += 1;
      return { of: payload };
    });
  }
  return { values: known.end(), decoded };
}

test('what is as it was is the same object and not decoded again', () => {
  const known = new KnownDump<{ of: string }>();
  const first = dump(known, ['aa', 'b', 'ccc']);
  assert.equal(first.decoded, 3);
  const again = dump(known, ['aa', 'b', 'ccc']);
  assert.equal(again.values, first.values);
  assert.equal(again.decoded, 0);
  const third = dump(known, ['aa', 'x', 'ccc']);
  assert.equal(third.decoded, 1);
  assert.deepEqual(
    third.values.map((value, index) => value === first.values[index]),
    [true, false, true],
  );
  assert.deepEqual(first.values[1], { of: 'b' }, 'what was handed out stays as it was');
});

test('whatever the dumps bring, some of them cut short, the values are those of the last one', () => {
  const payload = fc.stringMatching(/^[ab]{0,3}$/);
  const run = fc.record({ payloads: fc.array(payload, { maxLength: 6 }), cut: fc.option(fc.nat(6)) });
  fc.assert(
    fc.property(fc.array(run, { maxLength: 8 }), (runs) => {
      const known = new KnownDump<{ of: string }>();
      for (const { payloads, cut } of runs) {
        if (cut !== null) {
          known.begin();
          for (const one of payloads.slice(0, cut)) known.take(Buffer.from(`${one}!`), () => ({ of: `${one}!` }));
        }
        const { values } = dump(known, payloads);
        assert.deepEqual(
          values.map(({ of }) => of),
          payloads,
        );
      }
    }),
  );
});
