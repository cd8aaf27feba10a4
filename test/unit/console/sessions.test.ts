import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createSessions, IDLE_MS, LONGEST_MS, MOST_SESSIONS } from '../../../src/console/sessions.ts';
import type { SessionFile } from '../../../src/ports/sessions.ts';
import { FakeClock } from '../../fakes/clock.ts';

function world(clock = new FakeClock()) {
  let text: string | undefined;
  let next = 0;
  const file: SessionFile = {
    uptime: () => clock.now(),
    load: () => text,
    save: (saved) => {
      text = saved;
    },
  };
  const start = () => {
    const sessions = createSessions(
      clock,
      { bytes: (size) => new Uint8Array(size).fill(++next) },
      (token) => createHash('sha256').update(token).digest('hex'),
      file,
    );
    const ended: string[] = [];
    sessions.onEnd((session) => ended.push(session.author));
    return { sessions, ended };
  };
  return { clock, file, start, kept: () => text, damage: (bad: string) => file.save(bad) };
}

test('a token opens its session and no other does', () => {
  const { sessions } = world().start();
  const token = sessions.start('web:192.0.2.50');
  assert.match(token, /^[A-Za-z0-9_-]{43}$/);
  assert.equal(sessions.find(token)?.author, 'web:192.0.2.50');
  assert.equal(sessions.find(`${token.slice(0, -1)}A`), undefined);
  assert.equal(sessions.find(''), undefined);
});

test('an idle session ends by itself, one in use after twelve hours', () => {
  const { clock, start } = world();
  const { sessions, ended } = start();
  const token = sessions.start('idle');
  clock.advance(IDLE_MS - 1);
  assert.ok(sessions.find(token));
  clock.advance(1);
  assert.deepEqual([sessions.find(token), ended], [undefined, ['idle']]);
  const used = sessions.start('used');
  for (let at = 0; at < LONGEST_MS - 60_000; at += 60_000) {
    clock.advance(60_000);
    sessions.seen(sessions.find(used)!);
  }
  clock.advance(60_000);
  assert.deepEqual([sessions.find(used), ended], [undefined, ['idle', 'used']]);
});

test('there are at most sixteen: the one idle longest goes', () => {
  const { clock, start } = world();
  const { sessions, ended } = start();
  for (let i = 0; i <= MOST_SESSIONS; i++) {
    sessions.start(`s${i}`);
    clock.advance(10);
  }
  assert.deepEqual([sessions.count(), ended], [MOST_SESSIONS, ['s0']]);
});

test('sessions outlive a restart of the process but not their time; the file holds no token', () => {
  const { clock, start, kept } = world();
  const first = start().sessions;
  const token = first.start('web:192.0.2.50');
  first.close();
  assert.ok(!kept()!.includes(token));
  clock.advance(60_000);
  const second = start();
  assert.equal(second.sessions.find(token)?.author, 'web:192.0.2.50');
  clock.advance(IDLE_MS);
  assert.deepEqual([second.sessions.find(token), second.ended], [undefined, ['web:192.0.2.50']]);
});

test('an ended session is not kept, and a damaged or impossible file opens nothing', () => {
  const { start, damage, clock } = world();
  const first = start().sessions;
  const token = first.start('one');
  first.end(first.find(token)!);
  assert.equal(start().sessions.count(), 0);
  const future = { key: 'k', author: 'x', since: 0, seen: clock.now() + 1 };
  for (const bad of ['', '{', '[1]', '[{"key":1}]', JSON.stringify([future])]) {
    damage(bad);
    assert.equal(start().sessions.count(), 0, bad);
  }
});
