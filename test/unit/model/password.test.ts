import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PASSWORD, passwordFault, preparedPassword } from '../../../src/model/password.ts';

test('10 to 128 characters that can be typed are a password', () => {
  for (const good of ['correct horse', 'abcdefghij', 'ä ö ü ß é è', '日本語のパスワードです', 'abcd'.repeat(32)]) {
    assert.equal(passwordFault(good), undefined, good);
  }
});

test('each refusal names the field and what would be right, never the password', () => {
  for (const [bad, right] of [
    ['short-one', /10 to 128/],
    ['', /10 to 128/],
    ['abcd'.repeat(33), /10 to 128/],
    ['abcdefghijk\n', /control characters/],
    ['abc\u0000defghijk', /control characters/],
    ['abcdefghij\ud800', /control characters/],
    ['aaaaaaaaaaaaaab', /four different/],
  ] as const) {
    const fault = passwordFault(bad);
    assert.equal(fault?.path, 'password', JSON.stringify(bad));
    assert.match(fault.remedy, right);
    if (bad.length > 3) assert.ok(!JSON.stringify(fault).includes(bad.slice(0, 8)));
  }
});

test('length is counted in characters, and the same letters typed differently are the same password', () => {
  assert.match(passwordFault('🦀🐌🐢🐍🦎')?.value ?? '', /^5 characters/);
  assert.equal(preparedPassword('cafe\u0301 au lait'), preparedPassword('café\u00a0au\u2003lait'));
});

test('whatever comes, it ends, and what is taken is within the limits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
      if (passwordFault(text) !== undefined) return;
      const length = [...preparedPassword(text)].length;
      assert.ok(length >= PASSWORD.least && length <= PASSWORD.most);
    }),
  );
});
