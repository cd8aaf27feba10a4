import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import type { QuestionOf } from '../../../../src/model/check.ts';
import { ask, LOOPBACK } from './ask.ts';

const udp = (more: Partial<QuestionOf<'udp'>> = {}): QuestionOf<'udp'> => ({
  type: 'udp',
  send: 'ping',
  encoding: 'text',
  ...more,
});
const dns = (more: Partial<QuestionOf<'dns'>> = {}): QuestionOf<'dns'> => ({
  type: 'dns',
  name: 'www.example.org',
  record: 'A',
  ...more,
});

/** A UDP server that answers each datagram with what `answer` makes of it; undefined = with nothing. */
async function answering(answer: (message: Buffer) => Uint8Array | string | undefined) {
  const heard: Buffer[] = [];
  const socket: Socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    heard.push(message);
    const reply = answer(message);
    if (reply !== undefined) socket.send(reply, from.port, from.address);
  });
  socket.bind(0, LOOPBACK);
  await once(socket, 'listening');
  return { port: socket.address().port, heard, close: () => socket.close() };
}

async function verdict(question: QuestionOf<'udp' | 'dns'>, answer: Parameters<typeof answering>[0], timeout = 1000) {
  const server = await answering(answer);
  const said = await ask(question, server.port, timeout);
  server.close();
  return { ...said, heard: server.heard };
}

async function closedUdpPort(): Promise<number> {
  const server = await answering(() => undefined);
  server.close();
  return server.port;
}

test('udp: the expected answer, in text and in hex', async () => {
  assert.equal((await verdict(udp({ expect: 'pong' }), () => 'pong and more')).ok, true);
  const hex = await verdict(udp({ send: '00ff', expect: '0102', encoding: 'hex' }), () => Buffer.from([1, 2, 3]));
  assert.equal(hex.ok, true);
  assert.deepEqual(hex.heard[0], Buffer.from([0, 255]));
});

test('udp: silence is good unless an answer is expected; a refusal never is', async () => {
  const silent = await verdict(udp(), () => undefined, 100);
  assert.deepEqual([silent.ok, silent.reason], [true, 'udp: not refused']);
  const wanted = await verdict(udp({ expect: 'pong' }), () => undefined, 100);
  assert.deepEqual([wanted.ok, wanted.reason], [false, 'udp: timed out']);
  assert.deepEqual(await ask(udp(), await closedUdpPort()), { ok: false, reason: 'udp: refused' });
});

test('udp: another answer is wrong, an oversized one as well', async () => {
  const wrong = await verdict(udp({ expect: 'pong' }), () => 'x'.repeat(60_000));
  assert.deepEqual([wrong.ok, wrong.reason], [false, 'udp: answered 60000 bytes that do not begin with "pong"']);
});

/** The query with a header that says an answer, and what follows it. @param code RFC 1035, RCODE */
function reply(query: Buffer, code: number, records: readonly number[][] = []): Buffer {
  const end = query.indexOf(0, 12) + 5;
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(records.length, 6);
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, query.subarray(12, end), ...records.map((record) => Buffer.from(record))]);
}
/** Pointer to the name asked for, type A, class IN, 60 s. */
const a = (...address: number[]): number[] => [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address];

test('dns: any record, or the one that is expected', async () => {
  const two = (query: Buffer) => reply(query, 0, [a(192, 0, 2, 1), a(192, 0, 2, 2)]);
  const any = await verdict(dns(), two);
  assert.match(any.reason, /^dns: 2 records in \d+ ms$/);
  assert.equal((await verdict(dns({ answer: '192.0.2.2' }), two)).ok, true);
  const wrong = await verdict(dns({ answer: '192.0.2.3' }), two);
  assert.deepEqual([wrong.ok, wrong.reason], [false, 'dns: "192.0.2.1, 192.0.2.2", expected "192.0.2.3"']);
});

test('dns: what is wrong is told', async () => {
  const seen: string[] = [];
  for (const answer of [
    (query: Buffer) => reply(query, 3),
    (query: Buffer) => reply(query, 2),
    (query: Buffer) => reply(query, 5),
    (query: Buffer) => reply(query, 0),
  ]) {
    const { ok, reason } = await verdict(dns(), answer);
    seen.push(`${ok} ${reason}`);
  }
  assert.deepEqual(seen, [
    'false dns: NXDOMAIN: there is no such name',
    'false dns: SERVFAIL',
    'false dns: REFUSED',
    'false dns: no such record',
  ]);
  assert.deepEqual(await ask(dns(), await closedUdpPort()), { ok: false, reason: 'dns: refused' });
});

test('dns: silence and garbage are down', async () => {
  const silent = await verdict(dns(), () => undefined, 300);
  assert.deepEqual([silent.ok, silent.reason], [false, 'dns: timed out']);
  for (const garbage of ['x', 'y'.repeat(20_000)]) {
    assert.equal((await verdict(dns(), () => garbage, 300)).ok, false);
  }
});
