import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CommandOutput } from '../../../image/vm/floor/output.ts';

function feed(text: string, cuts: readonly number[]): { shown: string; code: number | undefined } {
  const output = new CommandOutput();
  const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
  const parts = places.map((from, index) => output.push(text.slice(from, places[index + 1])));
  return { shown: parts.join('') + output.rest(), code: output.code };
}

test('the exit line is parted from what the command printed, however the stream is cut', () => {
  const text = fc.string({ maxLength: 60 });
  fc.assert(
    fc.property(text, fc.nat(255), fc.array(fc.nat(80)), (printed, code, cuts) => {
      const got = feed(`${printed}\ntandem-exit ${code}\n`, cuts);
      assert.equal(got.code, code);
      assert.ok(printed === got.shown || printed === `${got.shown}\r`, JSON.stringify(got.shown));
    }),
  );
});

test('a machine that dies leaves all that was said, and no code', () => {
  assert.deepEqual(feed('half a line', [3]), { shown: 'half a line', code: undefined });
});
