import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import type { Feed, Shown, Subscriber } from '../../../src/console/feed.ts';
import { serveLive } from '../../../src/console/live.ts';
import type { Sessions } from '../../../src/console/sessions.ts';
import { CLOSED, type ConsoleMessage, type Picture } from '../../../src/model/console.ts';
import { FakeClock } from '../../fakes/clock.ts';

/** A page's socket whose reader can stop reading. */
class FakeSocket extends EventEmitter {
  readyState: number = WebSocket.OPEN;
  bufferedAmount = 0;
  pings = 0;
  terminated = false;
  closed: number | undefined;
  readonly sent: ConsoleMessage[] = [];
  send = (text: string): void => void this.sent.push(JSON.parse(text));
  ping = (): void => {
    this.pings += 1;
  };
  close = (code: number): void => {
    this.closed = code;
    this.readyState = WebSocket.CLOSING;
  };
  terminate = (): void => {
    this.terminated = true;
    this.emit('close');
  };
}

function world() {
  const clock = new FakeClock();
  const socket = new FakeSocket();
  let subscriber: Subscriber | undefined;
  let revision = 0;
  const shown = (): Shown => ({ revision, picture: { name: 'rack' } as Picture, at: clock.now() });
  const feed: Feed = {
    subscribe: (one) => {
      subscriber = one;
      return () => {
        subscriber = undefined;
      };
    },
    current: () => (revision === 0 ? undefined : shown()),
    news: () => {},
  };
  const sessions = { seen: () => {} } as unknown as Sessions;
  const session = { key: 'k', author: 'web:x', since: 0, seen: 0 };
  const parts = { clock, feed, sessions, ask: async () => ({}), revision: () => 1 };
  serveLive(socket as unknown as WebSocket, session, parts);
  const look = (): void => {
    revision += 1;
    subscriber?.(shown(), revision === 1 ? undefined : [{ at: ['name'], value: 'rack' }]);
  };
  return { clock, socket, look, subscribed: () => subscriber !== undefined };
}

const types = (socket: FakeSocket): string[] => socket.sent.map(({ type }) => type);

test('a page that stops reading misses changes and then gets a snapshot', () => {
  const { socket, look } = world();
  look();
  look();
  socket.bufferedAmount = 10_000_000;
  for (let i = 0; i < 5; i++) look();
  assert.deepEqual(types(socket), ['snapshot', 'diff']);
  socket.bufferedAmount = 0;
  look();
  look();
  assert.deepEqual(types(socket), ['snapshot', 'diff', 'snapshot', 'diff']);
});

test('one that does not read for half a minute is closed with its code', () => {
  const { clock, socket, look, subscribed } = world();
  look();
  socket.bufferedAmount = 10_000_000;
  for (let second = 0; second < 32; second++) {
    socket.emit('pong');
    look();
    clock.advance(1_000);
  }
  assert.equal(socket.closed, CLOSED.slow);
  clock.advance(2_000);
  assert.deepEqual([socket.terminated, subscribed()], [true, false]);
  assert.equal(clock.timers, 0);
});

test('one that does not read its answers may not ask for more', () => {
  const { socket } = world();
  socket.bufferedAmount = 20_000_000;
  socket.emit('message', Buffer.from('{"id":1,"do":"snapshot"}'), false);
  assert.equal(socket.closed, CLOSED.slow);
});

test('a page that is gone without a word is noticed by its missing pongs', () => {
  const { clock, socket, subscribed } = world();
  clock.advance(25_000);
  assert.deepEqual([socket.terminated, socket.pings], [false, 3]);
  clock.advance(20_000);
  assert.deepEqual([socket.terminated, subscribed()], [true, false]);
});
