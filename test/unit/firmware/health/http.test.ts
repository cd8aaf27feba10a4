import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { CHECK_LIMITS, type QuestionOf } from '../../../../src/model/check.ts';
import { ask, closedPort, tcpServer } from './ask.ts';

const http = (more: Partial<QuestionOf<'http'>> = {}): QuestionOf<'http'> => ({
  type: 'http',
  method: 'GET',
  path: '/health',
  status: '200-299,301',
  ...more,
});

/** A server that answers each request with these bytes; keeps what it was asked. */
async function answering(text: string | Buffer) {
  const requests: string[] = [];
  const server = await tcpServer((socket) => {
    socket.once('data', (data) => {
      requests.push(String(data));
      socket.write(text);
    });
  });
  return { ...server, requests };
}

const page = (body: string, status = '200 OK'): string =>
  `HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

async function verdict(text: string | Buffer, question = http(), timeout?: number) {
  const server = await answering(text);
  const answer = await ask(question, server.port, timeout);
  server.close();
  return answer;
}

test('a good status is up, and the request is the one that was written', async () => {
  const server = await answering(page('hello'));
  const answer = await ask(http({ host: 'www.example.org' }), server.port);
  server.close();
  assert.equal(answer.ok, true);
  assert.match(answer.reason, /^http: status 200 in \d+ ms$/);
  assert.match(server.requests[0]!, /^GET \/health HTTP\/1\.1\r\n/);
  assert.match(server.requests[0]!, /\r\nhost: www\.example\.org\r\n/i);
});

test('a status in the set is good, another is told with what was expected; a redirect is not followed', async () => {
  assert.equal((await verdict(page('', '301 Moved\r\nlocation: /x'))).ok, true);
  assert.deepEqual(await verdict(page('', '503 Busy')), {
    ok: false,
    reason: 'http: status 503, expected 200-299,301',
  });
});

test('a text in the body, at its very limit too', async () => {
  const contains = http({ body_contains: 'READY' });
  assert.equal((await verdict(page('we are READY.'), contains)).ok, true);
  assert.deepEqual(await verdict(page('we are ready.'), contains), {
    ok: false,
    reason: 'http: "READY" is not in the body',
  });
  const late = `${'x'.repeat(CHECK_LIMITS.body - 5)}READY`;
  assert.equal((await verdict(page(late), contains)).ok, true);
  assert.equal((await verdict(page(`x${late}`), contains)).ok, false);
});

test('the digest of a body', async () => {
  const digest = http({ body_sha256: createHash('sha256').update('hello').digest('hex') });
  assert.equal((await verdict(page('hello'), digest)).ok, true);
  assert.match(
    (await verdict(page('hullo'), digest)).reason,
    /^http: body has the digest [0-9a-f]{16}…, expected 2cf2/,
  );
});

test('an oversized body ends the question, it is not read to its end', async () => {
  const digest = http({ body_sha256: '0'.repeat(64) });
  const endless = `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${`10000\r\n${'x'.repeat(0x10000)}\r\n`.repeat(8)}`;
  assert.deepEqual(await verdict(endless, digest), {
    ok: false,
    reason: `http: body longer than ${CHECK_LIMITS.body} bytes`,
  });
  const headers = `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(10_000)}\r\n`;
  assert.deepEqual(await verdict(headers), { ok: false, reason: 'http: headers longer than 16384 bytes' });
});

test('garbage, silence, a closed port and a connection that ends are told apart', async () => {
  assert.deepEqual(await verdict(Buffer.from([0, 255, 1, 2, 13, 10])), {
    ok: false,
    reason: 'http: the answer is not HTTP',
  });
  assert.deepEqual(await verdict('', http(), 100), { ok: false, reason: 'http: timed out' });
  assert.deepEqual(await ask(http(), await closedPort()), { ok: false, reason: 'http: refused' });
  const server = await tcpServer((socket) => socket.once('data', () => socket.end()));
  const answer = await ask(http(), server.port);
  server.close();
  assert.deepEqual(answer, { ok: false, reason: 'http: reset' });
});

test('a body that stops half-way is waited for until the timeout', async () => {
  const half = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nREA';
  assert.deepEqual(await verdict(half, http({ body_contains: 'READY' }), 100), {
    ok: false,
    reason: 'http: timed out',
  });
  assert.equal((await verdict(half)).ok, true, 'nobody asked for the body');
});
