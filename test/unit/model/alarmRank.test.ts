import assert from 'node:assert/strict';
import { test } from 'node:test';
import { worstFirst } from '../../../src/model/alarmRank.ts';

test('what keeps clients from being served comes first, an unknown code last', () => {
  const codes = ['drift', 'of-tomorrow', 'server-down', 'peer-silent', 'floats-contested'].map((code) => ({ code }));
  assert.deepEqual(
    worstFirst(codes).map(({ code }) => code),
    ['floats-contested', 'peer-silent', 'server-down', 'drift', 'of-tomorrow'],
  );
});
