import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { ask, closedPort, LOOPBACK, prober, tcpServer } from './ask.ts';

test('a server that completes the handshake is there', async () => {
  const server = await tcpServer();
  const answer = await ask({ type: 'tcp' }, server.port);
  server.close();
  assert.equal(answer.ok, true);
  assert.match(answer.reason, /^connected in \d+ ms$/);
});

test('a port nobody listens on is refused', async () => {
  assert.deepEqual(await ask({ type: 'tcp' }, await closedPort()), { ok: false, reason: 'refused' });
});

test('a cancelled question is never answered', async () => {
  const server = await tcpServer();
  let answers = 0;
  const target = { address: LOOPBACK, port: server.port, timeout: 2000, question: { type: 'tcp' } } as const;
  const cancel = prober.ask(target, () => {
    answers += 1;
  });
  cancel();
  await ask({ type: 'tcp' }, server.port);
  server.close();
  assert.equal(answers, 0);
});

test('a question leaves from the address that it is told', async () => {
  const server = await tcpServer();
  const from = once(server.server, 'connection').then(([socket]) => socket.remoteAddress);
  const answer = await new Promise((done) => {
    const target = { address: LOOPBACK, port: server.port, timeout: 2000, source: '127.0.0.7' } as const;
    prober.ask({ ...target, question: { type: 'tcp' } }, done);
  });
  assert.equal(await from, '127.0.0.7', JSON.stringify(answer));
  server.close();
});

test('a source that this box does not have proves nothing about the server', async () => {
  const answer = await new Promise((done) => {
    const target = { address: LOOPBACK, port: 9, timeout: 2000, source: '192.0.2.77' } as const;
    prober.ask({ ...target, question: { type: 'tcp' } }, done);
  });
  assert.deepEqual(answer, { ok: null, reason: 'this box has no such address, or no local port is free' });
});

test('a box that stood still proves nothing: the answer may lie unread', async () => {
  const server = await tcpServer();
  const question = { type: 'smtp', helo: 'a' } as const;
  const asked = ask(question, server.port, 50);
  const until = performance.now() + 600;
  while (performance.now() < until);
  const answer = await asked;
  server.close();
  assert.equal(answer.ok, null);
  assert.match(answer.reason, /^smtp: this box stood still for \d+ ms$/);
});
