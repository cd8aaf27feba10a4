import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadIdentity } from '../../../../firmware/console/identity.ts';
import { endingOf } from '../../../../firmware/health/tls.ts';
import type { QuestionOf } from '../../../../src/model/check.ts';
import { ask, closedPort, LOOPBACK, type Peer, tcpServer } from './ask.ts';

const tls = (more: Partial<QuestionOf<'tls'>> = {}): QuestionOf<'tls'> => ({
  type: 'tls',
  verify: false,
  expiry_warning_days: 0,
  ...more,
});
const https = (more: Partial<QuestionOf<'https'>> = {}): QuestionOf<'https'> => ({
  ...tls(),
  type: 'https',
  method: 'GET',
  path: '/',
  status: '200-299',
  ...more,
});

let server: Peer;
const names: string[] = [];

before(async () => {
  const identity = await loadIdentity(mkdtempSync(join(tmpdir(), 'tandem-tls-')), 'box', [LOOPBACK], []);
  const options = {
    key: identity.key,
    cert: identity.certificate,
    // Called for hellos that have a server name.
    SNICallback: (name: string, done: (error: null) => void) => {
      names.push(name);
      done(null);
    },
  };
  const listening = createHttps(options, (request, response) => {
    response.statusCode = request.url === '/busy' ? 503 : 200;
    response.end('hello');
  });
  listening.listen(0, LOOPBACK);
  await once(listening, 'listening');
  server = { port: (listening.address() as AddressInfo).port, close: () => listening.close() };
});

after(() => server.close());

test('tls: a handshake is enough, with the server name that is given', async () => {
  names.length = 0;
  const plain = await ask(tls(), server.port);
  assert.equal(plain.ok, true);
  assert.match(plain.reason, /^tls: TLSv1\.3 in \d+ ms$/);
  assert.equal((await ask(tls({ sni: 'www.example.org' }), server.port)).ok, true);
  assert.deepEqual(names, ['www.example.org']);
});

test('tls: a certificate signed by itself is not good when it is to be verified', async () => {
  const reason = 'certificate is not good: it is signed by itself';
  assert.deepEqual(await ask(tls({ verify: true }), server.port), { ok: false, reason: `tls: ${reason}` });
  assert.deepEqual(await ask(https({ verify: true }), server.port), { ok: false, reason: `https: ${reason}` });
});

test('https: the status and the body count', async () => {
  assert.equal((await ask(https({ body_contains: 'hell' }), server.port)).ok, true);
  assert.deepEqual(await ask(https({ path: '/busy' }), server.port), {
    ok: false,
    reason: 'https: status 503, expected 200-299',
  });
});

test('a server that speaks no TLS, one that is silent and a closed port are down', async () => {
  const garbage = await tcpServer((socket) => socket.end('220 hello\r\n'));
  const silent = await tcpServer();
  for (const question of [tls(), https()]) {
    assert.equal((await ask(question, garbage.port)).ok, false);
    const { type } = question;
    assert.deepEqual(await ask(question, silent.port, 200), { ok: false, reason: `${type}: timed out` });
    assert.deepEqual(await ask(question, await closedPort()), { ok: false, reason: `${type}: refused` });
  }
  garbage.close();
  silent.close();
});

test('the end of a certificate is told within the days asked for', () => {
  const ends = (valid_to: string, days: number) =>
    endingOf(
      { getPeerCertificate: () => ({ valid_to }) as never },
      { expiry_warning_days: days },
      Date.parse('2026-01-01T00:00:00Z'),
    );
  assert.equal(ends('Jan 11 12:00:00 2026 GMT', 14), 'the certificate ends in 10 days');
  assert.equal(ends('Jan 20 12:00:00 2026 GMT', 14), undefined);
  assert.equal(ends('Dec 20 12:00:00 2025 GMT', 14), 'the certificate has ended');
  assert.equal(ends('Jan 11 12:00:00 2026 GMT', 0), undefined);
});
