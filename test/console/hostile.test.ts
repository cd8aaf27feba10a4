import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { CLOSED, CONSOLE, consoleRequest } from '../../src/model/console.ts';
import { LIMITS } from '../../src/model/document.ts';
import { rackText } from '../fakes/rackDocument.ts';
import { createDice } from '../sim/random.ts';
import { openConsole, PASSWORD, type Page } from './bench.ts';

const MESSAGES = 100_000;
/** Bytes of heap that may remain: what the run's own code and the ledger of a page take, far from a byte a message. */
const GROWTH = 8 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;
const heap = (): number => {
  gc();
  gc();
  return process.memoryUsage().heapUsed;
};

describe('hostile input', { timeout: 300_000 }, () => {
  let world: Awaited<ReturnType<typeof openConsole>>;
  before(async () => {
    world = await openConsole();
    await world.controller.adminPassword.set(PASSWORD);
  });
  after(() => world.close());

  /** What a request could have changed. */
  const state = () => ({
    kernel: world.box.kernel.changes(),
    revisions: world.box.store.rows.length,
    drained: world.box.store.drained(),
    asked: world.box.laneAsked.filter(({ do: what }) => /^(hand-over|hold|resume|reload)$/.test(what)).length,
    password: world.box.passwords.saved,
  });

  test('every route and method refuses what is not meant for it, with a code', async () => {
    const cookie = await world.cookie();
    const before = state();
    const { origin } = world;
    const expected = (path: string, method: string, from: string | undefined): [number, string | undefined] => {
      const post = path === CONSOLE.paths.login || path === CONSOLE.paths.logout;
      const get = path === '/' || path === '/app.js' || path === CONSOLE.paths.session;
      if (method === 'POST') {
        if (!post) return [404, 'not-found'];
        if (from !== origin) return [403, 'wrong-origin'];
        return path === CONSOLE.paths.login ? [400, 'bad-request'] : [204, undefined];
      }
      if (method === 'GET') return get ? [200, undefined] : [404, 'not-found'];
      return [404, 'not-found'];
    };
    const routes = [
      ...Object.values(CONSOLE.paths),
      '/',
      '/app.js',
      '/../etc/passwd',
      '/%2e%2e/',
      '/__proto__',
      '/constructor',
      '*',
    ];
    for (const path of routes) {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
        for (const from of [undefined, origin, 'https://evil.example', 'null']) {
          for (const headers of [{}, ...(path === CONSOLE.paths.logout ? [] : [{ cookie }])]) {
            const reply = await world.send({
              method,
              path,
              headers: { ...headers, ...(from === undefined ? {} : { origin: from }) },
            });
            const [status, code] = expected(path, method, from);
            assert.deepEqual([reply.status, reply.code], [status, code], `${method} ${path} from ${from}`);
          }
        }
      }
      const elsewhere = await world.send({ path, headers: { host: 'evil.example', origin: 'https://evil.example' } });
      assert.deepEqual([elsewhere.status, elsewhere.code], [403, 'wrong-origin'], path);
    }
    assert.deepEqual(state(), before);
  });

  test('logins that are none are refused with a code', async () => {
    const { origin } = world;
    const login = async (body: string | Uint8Array) => {
      const { status, code } = await world.send({
        method: 'POST',
        path: CONSOLE.paths.login,
        headers: { origin },
        body,
      });
      return [status, code];
    };
    for (const body of [
      '',
      '{',
      '[]',
      'null',
      '"x"',
      '{"password":1}',
      '{"password":"x","more":1}',
      '{"user":"root"}',
      new Uint8Array([0xff, 0xfe]),
    ]) {
      assert.deepEqual(await login(body), [400, 'bad-request'], String(body));
    }
    assert.deepEqual(await login(JSON.stringify({ password: 'x'.repeat(CONSOLE.login) })), [413, 'too-large']);
    assert.deepEqual(await login('x'.repeat(5_000_000)).catch(() => [413, 'too-large']), [413, 'too-large']);
  });

  test('guessing is slowed down, whoever guesses right then waits too', async () => {
    const codes: (string | undefined)[] = [];
    for (let guess = 0; guess < 8; guess++) codes.push((await world.login(`wrong horse ${guess}!`)).code);
    assert.deepEqual(codes.slice(0, 3), ['wrong-password', 'wrong-password', 'wrong-password']);
    assert.ok(
      codes.slice(4).every((code) => code === 'too-many'),
      codes.join(),
    );
    assert.equal((await world.login()).code, 'too-many');
  });

  test(`${MESSAGES} messages that are none: refused, nothing changed, memory flat`, { timeout: 240_000 }, async (t) => {
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
    t.diagnostic(`SEED=${seed}`);
    const fuzz = fuzzer(seed);
    // Wait out what guessing has cost.
    let cookie: string | undefined;
    for (; cookie === undefined; await new Promise((done) => setTimeout(done, 250))) {
      cookie = await world.cookie().catch(() => undefined);
    }
    const before = state();
    let sent = 0;
    let refused = 0;
    let closings = 0;
    let page: Page | undefined;
    /** One page's messages; it may be closed before the last of them. */
    const burst = async (): Promise<void> => {
      page = await world.page(cookie!);
      for (let i = 0; i < 100; i++) page.socket.send(fuzz());
      sent += 100;
      const { code } = await page.closed;
      assert.ok(code === CLOSED.malformed, `closed with ${code}`);
      closings += 1;
      for (const message of page.heard) {
        if (message.type !== 'refusal') continue;
        assert.ok(
          message.type === 'refusal' && message.id === null && message.error.code === 'bad-request',
          JSON.stringify(message),
        );
        refused += 1;
      }
    };
    for (let warm = 0; warm < 100; warm++) await burst();
    const start = heap();
    while (sent < MESSAGES) await burst();
    const grown = heap() - start;
    t.diagnostic(
      `${sent} sent, ${refused} refused, ${closings} pages closed, heap grew by ${Math.round(grown / 1024)} KiB`,
    );
    assert.equal(refused, sent);
    assert.deepEqual(state(), before);
    assert.ok(grown < GROWTH, `heap grew by ${grown} bytes`);
    const calm = await world.page(cookie);
    await calm.until((message) => message.type === 'snapshot');
    calm.socket.terminate();
  });

  test('a message that is too long ends its page; one that is just not is a refusal', async () => {
    const cookie = await world.cookie();
    const before = state();
    const long = await world.page(cookie);
    long.say('x'.repeat(CONSOLE.message + 1));
    assert.equal((await long.closed).code, 1009);
    const page = await world.page(cookie);
    page.say({ id: 1, do: 'plan', text: 'x'.repeat(LIMITS.text + 1) });
    const answer = await page.until((message) => message.type === 'refusal');
    assert.ok(answer.type === 'refusal' && answer.error.code === 'bad-request');
    page.say({ id: 2, do: 'plan', text: `${rackText()}#${'x'.repeat(LIMITS.text - 100_000)}` });
    assert.equal((await page.answer(2)).type, 'answer');
    page.socket.terminate();
    assert.deepEqual(state(), before);
  });

  test('many requests at once: those beyond the queue are refused with a code', async () => {
    const page = await world.page(await world.cookie());
    for (let id = 1; id <= 200; id++) page.say({ id, do: 'hand-over-plan' });
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => page.answer(index + 1)));
    const codes = new Set(answers.map((answer) => (answer.type === 'answer' ? 'ok' : answer.error.code)));
    assert.ok(codes.has('too-many'), [...codes].join());
    page.socket.terminate();
  });
});

/** Messages that no page sends: noise, broken JSON, wrong types, wrong fields, deep nests; seeded. */
function fuzzer(seed: number): () => string | Uint8Array {
  const { next, pick } = createDice(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  const valid = [
    { id: 1, do: 'drain', server: 'web/s2' },
    { id: 2, do: 'hand-over', force: true },
    { id: 3, do: 'apply', text: 'tandem: 1', on: 1, force: true },
    { id: 4, do: 'plan', text: '' },
    { id: 5, do: 'snapshot' },
    { id: 6, do: 'hold', reason: '' },
    { id: 7, do: 'lint' },
  ];
  const odd: readonly unknown[] = [
    null,
    true,
    -1,
    0.5,
    1e308,
    '',
    'hand-over',
    [],
    {},
    '\u0000',
    '\ud800',
    2 ** 53,
    '__proto__',
  ];
  const noise = (): Uint8Array => Uint8Array.from({ length: below(200) }, () => below(256));
  const made = (): string | Uint8Array => {
    const text = JSON.stringify(pick(valid));
    switch (below(7)) {
      case 0:
        return noise();
      case 1:
        return Buffer.from(noise()).toString('latin1');
      case 2:
        return text.slice(0, below(text.length));
      case 3: {
        const bytes = [...text];
        for (let i = 0; i <= below(4); i++) bytes[below(bytes.length)] = String.fromCharCode(32 + below(95));
        return bytes.join('');
      }
      case 4: {
        const message: Record<string, unknown> = { ...pick(valid) };
        message[pick(['id', 'do', 'server', 'text', 'on', 'force', 'reason', 'more', '__proto__'])] = pick(odd);
        return JSON.stringify(message);
      }
      case 5:
        return '['.repeat(below(2_000));
      default:
        return JSON.stringify(pick(odd));
    }
  };
  return () => {
    for (;;) {
      const message = made();
      try {
        if (typeof message === 'string' && consoleRequest.safeParse(JSON.parse(message)).success) continue;
      } catch {
        // No JSON: all the better.
      }
      return message;
    }
  };
}
