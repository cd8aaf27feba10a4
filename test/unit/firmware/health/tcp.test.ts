import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { ProbeAnswer } from '../../../../src/ports/health.ts';
import { ask, closedPort, LOOPBACK, prober, tcpServer } from './ask.ts';
import { openSilence } from './silence.ts';

/** For waits that end by an event. */
const PATIENCE_MS = 60_000;

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

test('a server that answers nothing is timed out, at its own time', async () => {
  const silence = openSilence();
  const order: number[] = [];
  const answers = await Promise.all(
    [600, 200, 400].map(async (timeout) => {
      const answer = await ask({ type: 'tcp' }, silence.port, timeout);
      order.push(timeout);
      return answer;
    }),
  );
  silence.close();
  for (const answer of answers) {
    // A machine that is very busy says so, and that is the prober's honest word.
    if (answer.ok !== null) assert.deepEqual(answer, { ok: false, reason: 'timed out' });
    else assert.match(answer.reason, /^this box stood still for \d+ ms$/);
  }
  assert.deepEqual(order, [200, 400, 600]);
});

test('what has come while the box stood still is read before silence is judged', async () => {
  const server = await tcpServer();
  const silence = openSilence();
  const heard = ask({ type: 'tcp' }, server.port, 50);
  const silent = ask({ type: 'tcp' }, silence.port, 50);
  const until = performance.now() + 600;
  while (performance.now() < until);
  assert.equal((await heard).ok, true);
  const { ok, reason } = await silent;
  assert.equal(ok, null);
  assert.match(reason, /^this box stood still for \d+ ms$/);
  server.close();
  silence.close();
});

test('a connection that was reset before anybody looked is a bad answer', async () => {
  const server = await tcpServer((socket) => socket.resetAndDestroy());
  const reset = once(server.server, 'connection');
  const answer = ask({ type: 'tcp' }, server.port, PATIENCE_MS);
  await reset;
  const { ok, reason } = await answer;
  server.close();
  // Which of the two is the race that it is for every program that connects: the handshake was completed first.
  assert.ok(ok ? /^connected in \d+ ms$/.test(reason) : reason === 'reset', reason);
});

test('an open connection ends by reset, so that no local port is kept', async () => {
  const server = await tcpServer();
  const ended = once(server.server, 'connection').then(([socket]) => once(socket.resume(), 'error'));
  assert.equal((await ask({ type: 'tcp' }, server.port, PATIENCE_MS)).ok, true);
  const [error] = (await ended) as [NodeJS.ErrnoException];
  server.close();
  assert.equal(error.code, 'ECONNRESET');
});

test('a thousand questions at once have an answer each', async () => {
  const server = await tcpServer((socket) => socket.resume());
  const port = await closedPort();
  const answers = await Promise.all(
    Array.from({ length: 1000 }, (_, at) => ask({ type: 'tcp' }, at % 2 === 0 ? server.port : port, PATIENCE_MS)),
  );
  server.close();
  assert.equal(answers.filter(({ ok }) => ok).length, 500);
  assert.equal(answers.filter(({ reason }) => reason === 'refused').length, 500);
});

test('without a descriptor left nothing is proven, and the next question that finds one is asked', async () => {
  const program = join(import.meta.dirname, 'fewDescriptors.ts');
  const command = `ulimit -n 64; exec ${process.execPath} ${program}`;
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { timeout: PATIENCE_MS });
  const { short, later } = JSON.parse(stdout) as { short: ProbeAnswer[]; later: ProbeAnswer };
  const words = new Set(short.map(({ ok, reason }) => `${ok} ${reason}`));
  assert.deepEqual([...words], ['null this process has no file descriptor left']);
  assert.ok(short.length > 100, `${short.length} of 200 found no descriptor`);
  assert.equal(later.ok, true, later.reason);
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
