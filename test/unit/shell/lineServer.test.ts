import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { z } from 'zod';
import { type Answer, controllerRequest } from '../../../src/model/control.ts';
import { LIMITS } from '../../../src/model/document.ts';
import { TandemError } from '../../../src/model/error.ts';
import { ask, MAX_ANSWER } from '../../../src/shell/lineClient.ts';
import { type LineLimits, type LineServer, serveLines } from '../../../src/shell/lineServer.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-lines-'));
after(() => rmSync(folder, { recursive: true }));
let count = 0;
const opened: LineServer[] = [];
after(() => Promise.all(opened.map((server) => server.close())));

const request = z.discriminatedUnion('do', [
  z.object({ do: z.literal('echo'), text: z.string().max(1000) }),
  z.object({ do: z.literal('slow'), id: z.number() }),
  z.object({ do: z.literal('refuse') }),
  z.object({ do: z.literal('break') }),
  z.object({ do: z.literal('nothing') }),
]);

async function serve(limits: Partial<LineLimits> = {}) {
  const path = join(folder, `${++count}.sock`);
  const handled: string[] = [];
  const server = await serveLines(
    path,
    request,
    async (asked) => {
      handled.push(asked.do);
      switch (asked.do) {
        case 'echo':
          return asked.text;
        case 'slow':
          await new Promise((done) => setTimeout(done, 5 - asked.id));
          return asked.id;
        case 'refuse':
          throw new TandemError('refused', 'no', {
            remedy: 'ask later',
            faults: [{ path: 'a', value: '1', remedy: 'r' }],
            forcible: true,
          });
        case 'break':
          throw new RangeError('inside');
        case 'nothing':
          return undefined;
      }
    },
    limits,
  );
  opened.push(server);
  return { path, server, handled };
}

/** Sends bytes as they are and collects every answer until the server closes, or until `answers` came. */
async function raw(path: string, bytes: string | Buffer, answers = Number.POSITIVE_INFINITY): Promise<Answer[]> {
  const socket = connect(path);
  socket.on('error', () => {});
  socket.write(bytes);
  let text = '';
  for await (const chunk of socket) {
    text += chunk;
    if (text.split('\n').length > answers) break;
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Answer);
}

const codeOf = (answer: Answer | undefined) => (answer === undefined || answer.ok ? 'ok' : answer.error.code);

test('answers come back, errors as refusals', async (context) => {
  const { path, server } = await serve();
  context.mock.method(console, 'error', () => {});
  assert.equal(statSync(path).mode & 0o777, 0o660);
  assert.deepEqual(await ask(path, { do: 'echo', text: 'é' } as never, 1000), { ok: true, result: 'é' });
  assert.deepEqual(await ask(path, { do: 'nothing' } as never, 1000), { ok: true, result: null });
  assert.deepEqual(await ask(path, { do: 'refuse' } as never, 1000), {
    ok: false,
    error: {
      code: 'refused',
      message: 'no',
      remedy: 'ask later',
      faults: [{ path: 'a', value: '1', remedy: 'r' }],
      forcible: true,
    },
  });
  const broken = await ask(path, { do: 'break' } as never, 1000);
  assert.equal(codeOf(broken), 'internal');
  await server.close();
  await server.close();
  assert.equal(existsSync(path), false);
});

test('many lines in one write are answered in order, also when they arrive byte by byte', async () => {
  const { path, server } = await serve();
  const lines = [0, 1, 2, 3].map((id) => `${JSON.stringify({ do: 'slow', id })}\n`).join('');
  const results = async (bytes: AsyncIterable<string> | string[]) => {
    const socket = connect(path);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    for await (const piece of bytes) {
      socket.write(piece);
      await new Promise((done) => setImmediate(done));
    }
    socket.end();
    await once(socket, 'close');
    return text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { result: number }).result);
  };
  assert.deepEqual(await results([lines]), [0, 1, 2, 3]);
  assert.deepEqual(await results([...lines]), [0, 1, 2, 3]);
  await server.close();
});

test('what is malformed is refused with a remedy, handled never, and the session goes on', async () => {
  const { path, server, handled } = await serve();
  const bad = [
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '{}',
    '{"do":"unknown"}',
    '{"do":"echo"}',
    '{"do":"echo","text":7}',
    '\u0000\u0001',
  ];
  const lines = [...bad, '{"do":"echo","text":"still here"}'];
  const answers = await raw(path, `${lines.join('\n')}\n`, lines.length - 1);
  assert.deepEqual(answers.map(codeOf), [...bad.slice(1).map(() => 'bad-request'), 'ok']);
  for (const answer of answers.slice(0, -1)) assert.ok(!answer.ok && answer.error.remedy);
  const invalid = await raw(path, Buffer.from([0xff, 0xfe, 0x80, 0x0a]), 1);
  assert.deepEqual(invalid.map(codeOf), ['bad-request']);
  assert.deepEqual(handled, ['echo']);
  await server.close();
});

test('a line beyond the limit is refused and ends its session only', async () => {
  const { path, server, handled } = await serve({ lineBytes: 100 });
  const fits = JSON.stringify({ do: 'echo', text: 'x'.repeat(77) });
  assert.equal(fits.length, 100);
  assert.deepEqual((await raw(path, `${fits}\n`, 1)).map(codeOf), ['ok']);
  const over = JSON.stringify({ do: 'echo', text: 'x'.repeat(78) });
  assert.deepEqual((await raw(path, `${over}\n`)).map(codeOf), ['bad-request']);
  assert.deepEqual((await raw(path, 'y'.repeat(1_000_000))).map(codeOf), ['bad-request']);
  assert.deepEqual(handled, ['echo']);
  assert.equal(codeOf(await ask(path, { do: 'nothing' } as never, 1000)), 'ok');
  await server.close();
});

test('sessions are bounded; one more is told so, and a freed place is given again', async () => {
  const { path, server } = await serve({ sessions: 3 });
  const open: Socket[] = [];
  for (let i = 0; i < 3; i++) {
    const socket = connect(path);
    await once(socket, 'connect');
    open.push(socket);
  }
  assert.deepEqual((await raw(path, '')).map(codeOf), ['refused']);
  assert.equal(server.sessions(), 3);
  open[0]?.destroy();
  while (server.sessions() > 2) await new Promise((done) => setImmediate(done));
  assert.equal(codeOf(await ask(path, { do: 'nothing' } as never, 1000)), 'ok');
  for (const socket of open) socket.destroy();
  await server.close();
});

test('100 clients, half of which go away in the middle, leave no session behind', async () => {
  const { path, server } = await serve({ sessions: 200 });
  const results = await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      if (i % 2 === 0) return codeOf(await ask(path, { do: 'slow', id: i % 5 } as never, 5000));
      const socket = connect(path);
      await once(socket, 'connect');
      socket.write('{"do":"slow","id":1}\n{"do":"slow","id":2}\n{"do"');
      socket.destroy();
      return 'gone';
    }),
  );
  assert.equal(results.filter((result) => result === 'ok').length, 50);
  while (server.sessions() > 0) await new Promise((done) => setImmediate(done));
  await server.close();
});

test('a client that does not take its answers is closed and holds nothing up', async () => {
  const { path, server, handled } = await serve({ idleMs: 100 });
  const socket = connect(path);
  await once(socket, 'connect');
  socket.pause();
  socket.on('error', () => {});
  socket.write(`${JSON.stringify({ do: 'echo', text: 'x'.repeat(1000) })}\n`.repeat(5000));
  assert.equal(codeOf(await ask(path, { do: 'nothing' } as never, 1000)), 'ok');
  while (server.sessions() > 0) await new Promise((done) => setTimeout(done, 5));
  assert.ok(handled.length < 5000, 'answers were piled up for a client that does not read');
  socket.destroy();
  await server.close();
});

test('a silent session is closed, one whose answer takes long is not', async () => {
  const { path, server } = await serve({ idleMs: 30 });
  assert.equal(codeOf(await ask(path, { do: 'slow', id: -100 } as never, 5000)), 'ok');
  const socket = connect(path);
  socket.resume();
  await once(socket, 'close');
  await server.close();
});

test('the socket of a dead process is replaced, that of a living one is not, and a file is left alone', async () => {
  const first = await serve();
  await assert.rejects(
    serveLines(first.path, request, () => null),
    (error) => error instanceof TandemError && error.code === 'refused',
  );
  assert.equal(codeOf(await ask(first.path, { do: 'nothing' } as never, 1000)), 'ok');
  await first.server.close();

  const stale = join(folder, 'stale.sock');
  const { execPath } = process;
  const { spawnSync } = await import('node:child_process');
  spawnSync(execPath, [
    '-e',
    `require('net').createServer().listen(${JSON.stringify(stale)}, () => process.kill(process.pid, 'SIGKILL'))`,
  ]);
  assert.ok(statSync(stale).isSocket());
  const server = await serveLines(stale, request, () => null);
  assert.equal(codeOf(await ask(stale, { do: 'nothing' } as never, 1000)), 'ok');
  await server.close();

  const file = join(folder, 'file');
  writeFileSync(file, 'precious');
  await assert.rejects(
    serveLines(file, request, () => null),
    (error) => error instanceof TandemError && error.code === 'io',
  );
  await assert.rejects(
    serveLines(join(folder, 'no/where.sock'), request, () => null),
    TandemError,
  );
});

test('asking a dead, silent or foolish socket says why within its time', async () => {
  const path = join(folder, 'ask.sock');
  const fails = (pattern: RegExp) => (error: unknown) =>
    error instanceof TandemError && error.code === 'unreachable' && pattern.test(error.message);
  await assert.rejects(ask(path, { do: 'status' }, 1000), fails(/no such socket/));
  let reply: string | undefined;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    if (reply !== undefined) socket.end(reply);
  }).listen(path);
  await once(server, 'listening');
  await assert.rejects(ask(path, { do: 'status' }, 50), fails(/within 50 ms/));
  for (const [said, pattern] of [
    ['', /without an answer/],
    ['half', /without an answer/],
    ['not json\n', /no answer/],
    ['null\n', /no answer/],
    ['{"okay":1}\n', /no answer/],
    ['z'.repeat(MAX_ANSWER + 1), /longer/],
  ] as const) {
    reply = said;
    await assert.rejects(ask(path, { do: 'status' }, 5000), fails(pattern), said.slice(0, 20));
  }
  server.close();
});

test('a document of the greatest length, however it is escaped, fits into one line', async () => {
  const path = join(folder, 'big.sock');
  const server = await serveLines(path, controllerRequest, (asked) => (asked.do === 'plan' ? asked.text.length : 0));
  const text = 'a: "x"\n\té\n'.repeat(LIMITS.text / 10);
  assert.deepEqual(await ask(path, { do: 'plan', text }, 5000), { ok: true, result: text.length });
  assert.equal(codeOf(await ask(path, { do: 'plan', text: `${text}x` }, 5000)), 'bad-request');
  await server.close();
});

test('a request’s number comes back in its answer, refused or not', async () => {
  const { path } = await serve();
  const bytes = [
    '{"do":"echo","text":"x","id":7}',
    '{"do":"refuse","id":8}',
    '{"do":"nonsense","id":9}',
    '{"do":"nothing"}',
  ];
  const answers = await raw(path, `${bytes.join('\n')}\n`, bytes.length);
  assert.deepEqual(
    answers.map(({ id, ok }) => [id, ok]),
    [
      [7, true],
      [8, false],
      [9, false],
      [undefined, true],
    ],
  );
});
