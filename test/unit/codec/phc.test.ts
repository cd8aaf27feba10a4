import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatPhc, parsePhc } from '../../../src/codec/phc.ts';

const bytes = (least: number) => fc.uint8Array({ minLength: least, maxLength: 64 });

test('what is written reads back', () => {
  const fields = {
    memory: fc.integer({ min: 800, max: 1_048_576 }),
    passes: fc.integer({ min: 1, max: 100 }),
    lanes: fc.integer({ min: 1, max: 99 }),
    salt: bytes(9),
    tag: bytes(12),
  };
  const tag = fc.record(fields, { noNullPrototype: true });
  fc.assert(fc.property(tag, (value) => assert.deepEqual(parsePhc(formatPhc(value)), value)));
});

test('what another program wrote is read', () => {
  const known = parsePhc('$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc');
  assert.deepEqual([known?.memory, known?.passes, known?.lanes], [65536, 2, 1]);
  assert.equal(new TextDecoder().decode(known?.salt), 'somesalt');
  assert.equal(known?.tag.length, 32);
});

test('another form, a greedy cost and a cut text are none', () => {
  const good = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  assert.ok(parsePhc(good));
  for (const bad of [
    '',
    good.replace('argon2id', 'argon2i'),
    good.replace('v=19', 'v=16'),
    good.replace('m=19456', 'm=9999999'),
    good.replace('t=2', 't=999'),
    good.replace('t=2', 't=0'),
    good.replace('p=1', 'p=0'),
    good.replace('m=19456', 'm=4'),
    `${good}\n`,
    good.replace('c29tZXNhbHQ', 'c29tZXNhbHQab'),
  ]) {
    assert.equal(parsePhc(bad), undefined, bad);
  }
  for (let at = 1; at < good.length - 27; at++) assert.equal(parsePhc(good.slice(0, at)), undefined, `cut at ${at}`);
});
