import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exposition } from '../../../../src/core/stats/exposition.ts';
import { labels, parseExposition } from '../../console/metrics/parse.ts';

test('whatever a label or a value is, a reader gets it back', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', 'n', '{', '}', ',', '=', ' ', 'é', '#') });
  const value = fc.oneof(fc.double({ noNaN: true }), fc.nat());
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(text, value), { selector: ([label]) => label, minLength: 1 }),
      text,
      (all, help) => {
        const samples = all.map(([server, value]) => ({ labels: { server, side: 'x' }, value }));
        const printed = exposition([{ name: 'tandem_x_total', type: 'counter', help, samples }]);
        const read = parseExposition(printed).get('tandem_x_total')!;
        assert.equal(read.samples.size, all.length);
        for (const [server, value] of all) {
          const found = read.samples.get(labels({ server, side: 'x' }));
          assert.ok(found === value || (found === 0 && value === 0), `${found}, not ${value}`);
        }
      },
    ),
  );
});

test('a family without samples is no family', () => {
  assert.equal(exposition([{ name: 'tandem_x', type: 'gauge', help: 'x', samples: [] }]), '');
});
