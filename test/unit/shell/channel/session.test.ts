import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { createSession, PING_MS, SILENT_PINGS } from '../../../../src/shell/channel/session.ts';
import { FakeClock } from '../../../fakes/clock.ts';

function open() {
  const clock = new FakeClock();
  const sent: string[] = [];
  const ended: string[] = [];
  const stream = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      sent.push(String(chunk));
      done();
    },
  });
  const session = createSession(stream, 'a', clock, {
    opened() {},
    heard() {},
    asked: async () => null,
    ended: (reason) => ended.push(reason),
  });
  const hear = (frame: unknown): void => {
    stream.emit('data', Buffer.from(`${JSON.stringify(frame)}\n`));
  };
  hear({ is: 'hello', node: 'b' });
  return { clock, sent, ended, session, hear };
}

test('a twin that is silent between so many pings is gone', () => {
  const { clock, ended } = open();
  clock.advance(SILENT_PINGS * PING_MS);
  assert.deepEqual(ended, []);
  clock.advance(PING_MS);
  assert.deepEqual(ended, ['nothing heard for 10 s']);
  assert.equal(clock.timers, 0);
});

test('an end that stood still itself takes that for nobody’s silence', () => {
  const { clock, ended, hear } = open();
  for (let stalls = 0; stalls < 2 * SILENT_PINGS; stalls += 1) {
    clock.standStill(30_000);
    clock.advance(0);
    // What the twin had said meanwhile is read after the timers.
    hear({ is: 'ping' });
  }
  assert.deepEqual(ended, []);
});

test('an answer that came while this end stood still is taken, one that did not come is missed', async () => {
  const { clock, sent, session, hear } = open();
  const answered = session.ask({ what: 'status' }, 1_000);
  const missed = session.ask({ what: 'status' }, 1_000);
  const ids = sent.map((line) => JSON.parse(line)).filter(({ is }) => is === 'ask');
  clock.standStill(5_000);
  clock.advance(0);
  // Read in the turn of the loop that has found both deadlines passed.
  hear({ is: 'result', id: ids[0].id, result: 'in time' });
  assert.equal(await answered, 'in time');
  await assert.rejects(missed, /no answer within 1000 ms/);
});
