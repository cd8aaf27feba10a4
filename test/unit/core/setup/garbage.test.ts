import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FIRST_BOX, Person } from './person.ts';

const YES = 'yes';

/** From here on chance alone might type the rest, a password twice and a yes: that would be an answer. */
const NEAR_THE_END = 15;

/** Keys as they come from people, cats and broken cables: whole words, control characters, any byte. */
const keystrokes = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 255 }).map((byte) => [byte]) },
    {
      weight: 3,
      arbitrary: fc
        .constantFrom(...FIRST_BOX, YES, 'no', 'second', 'k7pw-3xnd', '-', '?', '')
        .map((word) => [...new TextEncoder().encode(`${word}\r`)]),
    },
    { weight: 2, arbitrary: fc.constantFrom(3, 4, 8, 10, 13, 21, 23, 27, 127).map((byte) => [byte]) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => [...bytes]) },
  ),
  { maxLength: 60 },
);

/** Everything that is asked must be answered, and a wizard that lives answers an empty line. */
function isAlive(person: Person): void {
  person.pass(5_000);
  const seen = person.seen((one) => one.keys('\x03').lines('?'));
  assert.match(seen, /first or second \[\w+\]: $/);
}

test('10,000 random keystroke sequences leave the wizard alive and the box unconfigured', () => {
  let prompts = 0;
  fc.assert(
    fc.property(
      keystrokes,
      fc.integer({ min: 0, max: FIRST_BOX.length }),
      fc.integer({ min: 0, max: 400 }),
      (pieces, from, pause) => {
        const person = new Person({ take: () => ({ ok: false, lines: ['nobody'] }) })
          .start()
          .lines(...FIRST_BOX.slice(0, from));
        const before = person.screen.length;
        let typed = 0;
        for (const piece of pieces) {
          if (from >= NEAR_THE_END && String.fromCharCode(...piece) === `${YES}\r`) continue;
          person.now += pause;
          person.bytes(...piece);
          typed += piece.length;
        }
        assert.equal(person.count('install'), 0, person.screen.slice(before));
        assert.equal(person.ended, false);
        assert.ok(person.screen.length - before < 4_000 + 1_200 * Math.max(30, typed), 'the output is not bounded');
        isAlive(person);
        prompts += 1;
      },
    ),
    { numRuns: 10_000 },
  );
  assert.equal(prompts, 10_000);
});

test('a flood of lines is not answered one by one, and the prompt comes back', () => {
  const person = new Person().start().lines(...FIRST_BOX.slice(0, 5));
  const seen = person.seen((one) => one.bytes(...Array(4_000).fill(13)));
  assert.ok(seen.length < 4_000, `${seen.length} bytes`);
  assert.match(seen, /too many lines at once/);
  assert.match(
    person.seen((one) => one.pass(2_000)),
    /: $/,
  );
});
