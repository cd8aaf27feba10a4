import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonLines } from '../../../image/vm/lines.ts';
import { TandemError } from '../../../src/model/error.ts';

const encode = (values: readonly unknown[]) =>
  Buffer.from(values.map((value) => `${JSON.stringify(value)}\r\n`).join(''));

test('values come out whole and in order however the stream is cut', () => {
  const stream = fc.array(fc.jsonValue(), { maxLength: 8 });
  fc.assert(
    fc.property(stream, fc.array(fc.nat(400), { maxLength: 10 }), (values, cuts) => {
      const bytes = encode(values);
      const lines = new JsonLines();
      const got: unknown[] = [];
      const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
      for (const [index, from] of places.entries()) got.push(...lines.push(bytes.subarray(from, places[index + 1])));
      assert.deepEqual(got, JSON.parse(JSON.stringify(values)));
    }),
  );
});

test('0xff drops what an earlier client left half said', () => {
  const lines = new JsonLines();
  const bytes = Buffer.concat([Buffer.from('{"retu'), Uint8Array.of(0xff), Buffer.from('{"return":7}\n')]);
  assert.deepEqual(lines.push(bytes), [{ return: 7 }]);
});

test('what is not JSON, and a line without an end, are refused', () => {
  assert.throws(() => new JsonLines().push(Buffer.from('hello\n')), TandemError);
  const lines = new JsonLines();
  const chunk = Buffer.alloc(8 * 1024 * 1024, 0x20);
  assert.throws(() => {
    for (let times = 0; times < 4; times += 1) lines.push(chunk);
  }, TandemError);
});
