import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ask, Installation } from '../../../../src/core/setup/index.ts';
import type { Answer, ControllerRequest } from '../../../../src/model/control.ts';
import { TandemError } from '../../../../src/model/error.ts';
import { createAsks } from '../../../../src/shell/setup/asks.ts';
import type { SetupPorts } from '../../../../src/shell/setup/ports.ts';

const BOX: Installation = { node: 'name: a', document: 'tandem: 1', password: 'hash', key: undefined };
const ok = (result: unknown): Answer => ({ ok: true, result });

/** A box whose controller answers as told; what was done to it is kept in order. */
function bench(answer: (request: ControllerRequest) => Answer = () => ok({}), more: Partial<SetupPorts> = {}) {
  const done: string[] = [];
  let now = 0;
  const note = (what: string) => async () => void done.push(what);
  const ports = {
    clock: {
      now: () => now,
      wall: () => 0,
      at: (at: number, fire: () => void) => {
        now = Math.max(now, at);
        queueMicrotask(fire);
        return () => {};
      },
    },
    write: () => {},
    keep: () => {},
    end: () => {},
    nics: async () => [{ device: 'eth0', mac: '02:00:00:00:00:01', carrier: true }],
    hasher: {
      hash: async (text: string) => `hash of ${text}`,
      matches: async (text: string, hash: string) => hash === `hash of ${text}`,
    },
    passwords: { load: () => 'hash of correct horse', save: async () => {} },
    install: note('install'),
    startService: note('start'),
    askController: async (request: ControllerRequest) => {
      done.push(request.do);
      return answer(request);
    },
    restart: note('restart'),
    forget: note('forget'),
    words: { heading: () => ['router a'], status: () => ['all'], events: () => ['one'] },
    pairing: {
      offer: async () => ({ ok: true, lines: [] }),
      take: async () => ({ ok: true, lines: [] }),
      gift: async () => ({ twin: 'a' as const, document: '', key: '', password: undefined }),
    },
    ...more,
  } satisfies SetupPorts;
  const told: string[] = [];
  const asks = createAsks(ports);
  const ask = (what: Ask) => asks(what, (lines) => told.push(...lines), new AbortController().signal);
  return { ask, done, told };
}

test('an installation writes, starts the services and waits until the controller holds the document', async () => {
  let times = 0;
  const { ask, done } = bench(() => {
    times += 1;
    return times < 3 ? { ok: false, error: { code: 'not-configured', message: 'no document' } } : ok({ revision: 1 });
  });
  assert.deepEqual(await ask({ do: 'install', box: BOX }), { ok: true, lines: ['revision 1 is in force'] });
  assert.deepEqual(done, ['install', 'start', 'show', 'show', 'show']);
});

test('an installation that could not be written says so and starts nothing', async () => {
  const { ask, done } = bench(undefined, {
    install: async () => {
      throw new TandemError('io', 'the disk is full', { remedy: 'make room' });
    },
  });
  assert.deepEqual(await ask({ do: 'install', box: BOX }), {
    ok: false,
    lines: ['io: the disk is full', '  remedy: make room'],
  });
  assert.deepEqual(done, []);
});

test('services that do not come up do not make the box unconfigured again', async () => {
  const { ask } = bench(() => ({ ok: false, error: { code: 'unreachable', message: 'nobody' } }));
  const reply = await ask({ do: 'install', box: BOX });
  assert.equal(reply.ok, true);
  assert.match(reply.lines.join('\n'), /did not answer/);
});

test('the password opens, and another does not', async () => {
  const { ask } = bench();
  assert.equal((await ask({ do: 'login', password: 'correct horse' })).ok, true);
  assert.deepEqual(await ask({ do: 'login', password: 'wrong horses' }), {
    ok: false,
    lines: ['that is not the password'],
  });
});

test('a box without a password lets nobody in and says what to do', async () => {
  const { ask } = bench(undefined, { passwords: { load: () => undefined, save: async () => {} } });
  const reply = await ask({ do: 'login', password: 'correct horse' });
  assert.equal(reply.ok, false);
  assert.match(reply.lines.join(' '), /tandem password/);
});

test('a new password is set by whoever knows the old one, through the controller', async () => {
  const { ask, done } = bench();
  assert.equal((await ask({ do: 'password', current: 'wrong horses', fresh: 'another horse' })).ok, false);
  assert.deepEqual(done, []);
  assert.equal((await ask({ do: 'password', current: 'correct horse', fresh: 'another horse' })).ok, true);
  assert.deepEqual(done, ['password']);
});

test('a factory reset hands over first, and goes on when no twin can take the floats', async () => {
  const good = bench(() => ok({ text: 'handed over' }));
  assert.equal((await good.ask({ do: 'factory-reset' })).ok, true);
  assert.deepEqual(good.done, ['hand-over', 'forget', 'restart']);
  const alone = bench(() => ({ ok: false, error: { code: 'refused', message: 'the twin is not heard' } }));
  const reply = await alone.ask({ do: 'factory-reset' });
  assert.match(reply.lines.join('\n'), /not handed over: the twin is not heard/);
  assert.deepEqual(alone.done, ['hand-over', 'forget', 'restart']);
});

test('a plan says what it does and breaks, and a document in force needs none', async () => {
  const plan = { digest: '', changed: true, steps: ['set address'], breaks: 2, drains: 1, warnings: [] };
  const reply = await bench(() => ok(plan)).ask({ do: 'plan', document: '' });
  assert.deepEqual(reply, { ok: true, lines: ['  set address', 'it breaks 2 connections and lets 1 run out'] });
  assert.equal((await bench(() => ok({ ...plan, changed: false })).ask({ do: 'plan', document: '' })).ok, false);
});

test('what the controller refuses is shown with every fault', async () => {
  const faults = [{ path: 'gateway', value: '"x"', remedy: 'give another' }];
  const reply = await bench(() => ({
    ok: false,
    error: { code: 'bad-document', message: 'no', remedy: 'correct it', faults },
  })).ask({ do: 'apply', document: '' });
  assert.deepEqual(reply, {
    ok: false,
    lines: ['bad-document: no', '  gateway: "x" — give another', '  remedy: correct it'],
  });
});
