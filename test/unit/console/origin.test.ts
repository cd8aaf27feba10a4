import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clearCookie, setCookie, tokenIn } from '../../../src/console/cookie.ts';
import { checkHost, checkOrigin } from '../../../src/console/origin.ts';

const ALLOWED = ['192.0.2.2', 'lvs-a.example.net'];

test('the box answers under its own names alone, with or without the port', () => {
  for (const host of ['192.0.2.2', '192.0.2.2:443', '192.0.2.2:8443', 'LVS-a.Example.net']) {
    checkHost({ host }, ALLOWED);
  }
  for (const host of [
    undefined,
    '',
    'evil.example',
    '192.0.2.3',
    '192.0.2.2.evil.example',
    'evil.example:443@192.0.2.2',
    '192.0.2.2/',
    '192.0.2.2 evil',
    `${'a'.repeat(300)}.example`,
    '[::1]',
  ]) {
    assert.throws(() => checkHost(host === undefined ? {} : { host }, ALLOWED), { code: 'wrong-origin' }, String(host));
  }
});

test('only the console’s own page may change anything', () => {
  const host = '192.0.2.2:8443';
  checkOrigin({ host, origin: 'https://192.0.2.2:8443' });
  checkOrigin({ host: '192.0.2.2', origin: 'https://192.0.2.2', 'sec-fetch-site': 'same-origin' });
  checkOrigin({ host: '192.0.2.2:443', origin: 'https://192.0.2.2' });
  for (const origin of [
    undefined,
    'null',
    'http://192.0.2.2:8443',
    'https://192.0.2.2',
    'https://192.0.2.3:8443',
    'https://evil.example',
    'https://192.0.2.2:8443.evil.example',
  ]) {
    assert.throws(
      () => checkOrigin(origin === undefined ? { host } : { host, origin }),
      { code: 'wrong-origin' },
      origin,
    );
  }
  const crossed = { host, origin: 'https://192.0.2.2:8443', 'sec-fetch-site': 'cross-site' };
  assert.throws(() => checkOrigin(crossed), { code: 'wrong-origin' });
});

test('the cookie is each router’s own, and only a whole token is one', () => {
  const token = 'A'.repeat(43);
  const header = `x=1; ${setCookie('a', token).split(';')[0]}; y=2`;
  assert.equal(tokenIn(header, 'a'), token);
  assert.equal(tokenIn(header, 'b'), undefined);
  for (const bad of [
    undefined,
    '',
    '__Host-tandem-a=',
    `__Host-tandem-a=${token}A`,
    `__Host-tandem-a=${'/'.repeat(43)}`,
  ]) {
    assert.equal(tokenIn(bad, 'a'), undefined, bad);
  }
  assert.match(setCookie('a', token), /Path=\/; Secure; HttpOnly; SameSite=Strict$/);
  assert.match(clearCookie('a'), /Max-Age=0$/);
});
