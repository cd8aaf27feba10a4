import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createPlain, connect as plain } from 'node:net';
import { after, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { connect } from 'node:tls';
import { systemClock, systemRandom } from '../../../../firmware/clock.ts';
import { openListenSocket } from '../../../../firmware/console/socket.ts';
import { MAX_FRAME, type TwinMessage, type TwinQuestion } from '../../../../src/model/twin.ts';
import type { Clock } from '../../../../src/ports/clock.ts';
import type { ChannelKey } from '../../../../src/ports/twin.ts';
import { createChannel, RETRY_MS } from '../../../../src/shell/channel/channel.ts';
import { FakeClock } from '../../../fakes/clock.ts';

const HERE = '127.0.0.1';
const KEY: ChannelKey = { identity: 'pair', secret: new Uint8Array(randomBytes(32)) };

async function freePort(): Promise<number> {
  const server = createPlain().listen(0, HERE);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** One end of a channel; each thing that happens can be awaited. */
class End {
  readonly log: string[] = [];
  readonly heard: TwinMessage[] = [];
  readonly asked: TwinQuestion[] = [];
  answer: (question: TwinQuestion) => Promise<unknown> = async (question) => ({ to: question.what });
  /** The waits for a next try that have begun, ms. */
  readonly retries: number[] = [];
  opens = 0;
  closes = 0;
  keys: readonly ChannelKey[] = [KEY];
  #waiting: (() => void)[] = [];
  readonly channel: ReturnType<typeof createChannel>;

  constructor(clock: Clock = systemClock) {
    this.channel = createChannel({
      clock: this.#watched(clock),
      random: systemRandom,
      keys: () => this.keys,
      openSocket: openListenSocket,
      log: (text) => this.#note(() => this.log.push(text)),
    });
    after(() => this.channel.close());
    this.channel.attach({
      opened: () => this.#note(() => (this.opens += 1)),
      closed: () => this.#note(() => (this.closes += 1)),
      heard: (message) => this.#note(() => this.heard.push(message)),
      asked: (question) => {
        this.#note(() => this.asked.push(question));
        return this.answer(question);
      },
    });
  }

  /** Every other timer of a channel that has not met its twin is longer. */
  #watched(clock: Clock): Clock {
    const { now, wall } = clock;
    const at: Clock['at'] = (when, fire) => {
      const wait = when - clock.now();
      if (wait <= RETRY_MS.most) this.#note(() => this.retries.push(wait));
      return clock.at(when, fire);
    };
    return { now, wall, at };
  }

  #note(act: () => void): void {
    act();
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async until(reached: () => boolean): Promise<void> {
    while (!reached()) await new Promise<void>((wake) => this.#waiting.push(wake));
  }

  stand(node: 'a' | 'b', port: number): void {
    this.channel.follow({ node, device: 'lo', own: HERE, twin: HERE, port });
  }
}

async function pair() {
  const port = await freePort();
  const [a, b] = [new End(), new End()];
  a.stand('a', port);
  b.stand('b', port);
  await Promise.all([a.until(() => a.opens === 1), b.until(() => b.opens === 1)]);
  return { a, b, port };
}

const have: TwinMessage = { do: 'have', revision: null, refused: null, asks: false };

/** A client that holds the key, to misbehave with. */
async function holder(port: number) {
  const socket = connect({
    host: HERE,
    port,
    minVersion: 'TLSv1.3',
    ca: [],
    checkServerIdentity: () => undefined,
    pskCallback: () => ({ identity: KEY.identity, psk: KEY.secret }),
  });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}

test('both ends hear messages and answer questions, whoever asks', { timeout: 20_000 }, async () => {
  const { a, b } = await pair();
  a.channel.tell(have);
  b.channel.tell(have);
  await Promise.all([a.until(() => a.heard.length === 1), b.until(() => b.heard.length === 1)]);
  assert.deepEqual([a.heard, b.heard], [[have], [have]]);
  assert.deepEqual(await a.channel.ask({ what: 'status' }, 5_000), { to: 'status' });
  assert.deepEqual(await b.channel.ask({ what: 'timeline', last: 3 }, 5_000), { to: 'timeline' });
});

test('a question has its deadline, and too many at once are refused', { timeout: 20_000 }, async () => {
  const { a, b } = await pair();
  b.answer = () => new Promise(() => {});
  await assert.rejects(a.channel.ask({ what: 'status' }, 50), { code: 'unreachable', message: /within 50 ms/ });
  const waiting = Array.from({ length: 16 }, () => a.channel.ask({ what: 'status' }, 60_000).catch(() => 'ended'));
  await assert.rejects(a.channel.ask({ what: 'status' }, 60_000), { code: 'too-many' });
  await b.channel.close();
  assert.deepEqual(await Promise.all(waiting), Array(16).fill('ended'));
});

test('a connection that breaks is made again', { timeout: 20_000 }, async () => {
  const { a, b, port } = await pair();
  await a.channel.close();
  await b.until(() => b.closes === 1);
  a.stand('a', port);
  await b.until(() => b.opens === 2);
  assert.equal(a.opens, 2);
});

test('a twin that beats again is asked at once, and each second until its controller is there', {
  timeout: 20_000,
}, async () => {
  const port = await freePort();
  const clock = new FakeClock();
  const b = new End(clock);
  b.stand('b', port);
  /** Lets a try fail, and the wait for the next one pass. @returns that wait, ms. */
  const fail = async (): Promise<number> => {
    await b.until(() => b.retries.length > 0);
    const wait = b.retries.shift()!;
    clock.advance(wait);
    return wait;
  };
  const alone: number[] = [];
  while (alone.length < 9) alone.push(await fail());
  assert.ok(alone.at(-1)! >= RETRY_MS.most / 2, `${alone}`);
  await b.until(() => b.retries.length > 0);

  b.retries.length = 0;
  b.channel.twinHeard(true);
  const beating: number[] = [];
  while (beating.length < 6) beating.push(await fail());
  assert.ok(beating[0]! <= RETRY_MS.first, `${beating}`);
  assert.ok(Math.max(...beating) <= RETRY_MS.mostHeard, `${beating}`);
  const a = new End();
  a.stand('a', port);
  await setImmediate();
  await fail();
  await Promise.all([a.until(() => a.opens === 1), b.until(() => b.opens === 1)]);
});

test('a stranger with another key is refused by the handshake, counted, and fills no log', {
  timeout: 20_000,
}, async () => {
  const port = await freePort();
  const a = new End();
  a.stand('a', port);
  const stranger = new End();
  stranger.keys = [{ ...KEY, secret: new Uint8Array(randomBytes(32)) }];
  stranger.stand('b', port);
  await a.until(() => a.channel.refused() === 1);
  for (let i = 0; i < 20; i += 1) {
    const socket = connect({ host: HERE, port, rejectUnauthorized: false });
    await new Promise<void>((done) => socket.on('error', () => undefined).on('close', () => done()));
  }
  const text = plain({ host: HERE, port }).on('error', () => undefined);
  text.end('GET / HTTP/1.1\r\n\r\n');
  await once(text, 'close');
  assert.equal(a.channel.refused() >= 22, true);
  assert.deepEqual([a.opens, stranger.opens], [0, 0]);
  assert.equal(a.log.filter((line) => /refused/.test(line)).length, 1);
  assert.ok(!a.log.join().includes(Buffer.from(KEY.secret).toString('hex')));
});

for (const [what, bytes] of [
  ['garbage', 'no message at all\n'],
  ['a message before the greeting', `${JSON.stringify({ is: 'tell', message: have })}\n`],
  ['the greeting of a box of the same name', `${JSON.stringify({ is: 'hello', node: 'a' })}\n`],
  ['an oversized line', 'x'.repeat(MAX_FRAME + 1)],
] as const) {
  test(`${what} ends the connection and changes nothing`, { timeout: 20_000 }, async () => {
    const port = await freePort();
    const a = new End();
    a.stand('a', port);
    await setImmediate();
    const socket = await holder(port);
    socket.resume();
    socket.write(bytes);
    await once(socket, 'close');
    await a.until(() => a.log.some((line) => line.startsWith('no channel')));
    assert.deepEqual([a.opens, a.heard], [0, []]);
  });
}

test('words of a newer release are passed over', { timeout: 20_000 }, async () => {
  const port = await freePort();
  const a = new End();
  a.stand('a', port);
  await setImmediate();
  const socket = await holder(port);
  socket.resume();
  for (const frame of [
    { is: 'hello', node: 'b', more: 1 },
    { is: 'tell', message: { do: 'sing' } },
    { is: 'ask', id: 1, question: { what: 'weather' } },
    { is: 'tell', message: have },
  ]) {
    socket.write(`${JSON.stringify(frame)}\n`);
  }
  await a.until(() => a.heard.length === 1);
  assert.deepEqual([a.heard, a.asked], [[have], []]);
  socket.destroy();
});

test('a twin that does not read is let go before its messages fill the memory', { timeout: 60_000 }, async () => {
  const port = await freePort();
  const a = new End();
  a.stand('a', port);
  await setImmediate();
  const socket = await holder(port);
  socket.write(`${JSON.stringify({ is: 'hello', node: 'b' })}\n`);
  socket.pause();
  await a.until(() => a.opens === 1);
  const stamp = { number: 1, node: 'a', seed: false, digest: 'dd', lineage: { a: 1, b: 0 } } as const;
  const big: TwinMessage = { do: 'revision', stamp, author: 'x', at: 0, text: 'y'.repeat(1_000_000) };
  for (let i = 0; i < 40 && a.closes === 0; i += 1) a.channel.tell(big);
  assert.equal(a.closes, 1);
  assert.match(a.log.at(-1)!, /does not read/);
  socket.destroy();
});

test('who connects believes nobody for a certificate', { timeout: 20_000 }, async () => {
  const { createServer } = await import('node:tls');
  const { loadIdentity } = await import('../../../../firmware/console/identity.ts');
  const { mkdtempSync, rmSync } = await import('node:fs');
  const folder = mkdtempSync('/tmp/tandem-channel-');
  after(() => rmSync(folder, { recursive: true }));
  const { key, certificate } = await loadIdentity(folder, 'box', [HERE], []);
  const greeted: string[] = [];
  const server = createServer({ key, cert: certificate }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => greeted.push(bytes.toString()));
    socket.write(`${JSON.stringify({ is: 'hello', node: 'a' })}\n`);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, HERE);
  await once(server, 'listening');
  const b = new End();
  b.stand('b', (server.address() as { port: number }).port);
  await b.until(() => b.log.length > 0);
  assert.deepEqual([b.opens, greeted], [0, []]);
  await b.channel.close();
  server.close();
});
