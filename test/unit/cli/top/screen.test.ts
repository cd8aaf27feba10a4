import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { paint } from '../../../../src/cli/top/screen.ts';
import { Vt100 } from './vt100.ts';

const line = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '1', '2'), maxLength: 39 }).map((text) => text.trimEnd());
const picture = fc.array(line, { maxLength: 10 });

test('whatever pictures follow each other on however small a budget: it is kept, and once there is time the terminal shows the last', () => {
  fc.assert(
    fc.property(
      fc.array(picture, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 60, max: 200 }),
      (pictures, budget) => {
        const terminal = new Vt100(10, 40);
        let shown: readonly string[] = [];
        let next = 0;
        const last = pictures.at(-1)!;
        for (let turn = 0; turn < pictures.length + 40; turn += 1) {
          const wanted = pictures[turn] ?? last;
          const painted = paint(shown, wanted, budget, next);
          assert.ok(painted.bytes.length <= budget);
          terminal.write(painted.bytes);
          ({ shown, next } = painted);
          assert.deepEqual(
            terminal.lines(),
            Array.from({ length: 10 }, (_, row) => (shown[row] ?? '').trimEnd()),
          );
          if (turn >= pictures.length && painted.whole) break;
        }
        assert.deepEqual(
          terminal.lines(),
          Array.from({ length: 10 }, (_, row) => last[row] ?? ''),
        );
      },
    ),
  );
});

test('one changed figure costs a jump and the figure; nothing changed costs nothing', () => {
  const row = (figure: string): string => `web/s1   ${figure.padStart(5)}  1.2k  4.5M  3  up`;
  const before = [row('10'), row('20'), row('30')];
  assert.equal(paint(before, before, 1_000).bytes, '');
  const { bytes } = paint(before, [row('10'), row('21'), row('30')], 1_000);
  assert.equal(bytes, '\u001b[2;14H1');
});
