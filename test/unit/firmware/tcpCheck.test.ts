import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { tcpProber } from '../../../firmware/health/tcpCheck.ts';
import type { ProbeAnswer } from '../../../src/ports/health.ts';

const LOOPBACK = '127.0.0.1';

const probe = (port: number, timeout = 2000): Promise<ProbeAnswer> =>
  new Promise((done) => tcpProber.connect({ address: LOOPBACK, port, timeout }, done));

async function listening(): Promise<{ port: number; close: () => void }> {
  const server = createServer((socket) => socket.on('error', () => {}));
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

test('a server that completes the handshake is there', async () => {
  const server = await listening();
  const answer = await probe(server.port);
  server.close();
  assert.ok(answer.ok);
  assert.match(answer.reason, /^connected in \d+ ms$/);
});

test('a port nobody listens on is refused', async () => {
  const server = await listening();
  server.close();
  assert.deepEqual(await probe(server.port), { ok: false, reason: 'refused' });
});

test('a cancelled question is never answered', async () => {
  const server = await listening();
  let answers = 0;
  const cancel = tcpProber.connect({ address: LOOPBACK, port: server.port, timeout: 2000 }, () => {
    answers += 1;
  });
  cancel();
  await probe(server.port);
  server.close();
  assert.equal(answers, 0);
});
