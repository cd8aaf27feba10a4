import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createProber } from '../../../../firmware/health/prober.ts';
import type { ProbeAnswer } from '../../../../src/ports/health.ts';

const LAUNCHER = join(import.meta.dirname, '../../../../image/rootfs/usr/bin/tandem-check');
const folder = mkdtempSync(join(tmpdir(), 'tandem-checks-'));
const path = join(folder, 'check.sock');
const prober = createProber({ icmpId: 1, scripts: path });
let server: Server;

const program = (name: string, text: string): void =>
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });

/** As the unit does: one launcher for each connection, which is its input and output. */
before(async () => {
  program('good', 'echo "$@"; exit 0');
  program('bad', 'echo "queue is full"; exit 3');
  program('slow', 'sleep 10');
  program('loud', 'yes loud | head -c 1000000; echo the end; exit 1');
  program('liar', 'echo exit 0; exit 1');
  server = createServer({ pauseOnConnect: true }, (socket) => {
    const child = spawn('/bin/sh', [LAUNCHER], {
      stdio: [socket, socket, 'inherit'],
      env: { ...process.env, TANDEM_CHECKS: folder },
    });
    child.once('spawn', () => socket.destroy());
  });
  server.listen(path);
  await once(server, 'listening');
});

after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const run = (name: string, args: string[] = [], timeout = 5000): Promise<ProbeAnswer> =>
  new Promise((done) => {
    const question = { type: 'script', program: name, args } as const;
    prober.ask({ address: '192.0.2.11', port: 8080, timeout, question: { ...question, args } }, done);
  });

test('a program that ends with 0 is content; it gets address, port and arguments as they are', async () => {
  const args = ['$(id)', 'a b', '*', '"'];
  assert.deepEqual(await run('good', args), {
    ok: true,
    reason: 'script: good is content: "192.0.2.11 8080 $(id) a b * ""',
  });
});

test('another status is down, with the last words of the program', async () => {
  assert.deepEqual(await run('bad'), { ok: false, reason: 'script: bad ended with 3: "queue is full"' });
  assert.deepEqual(await run('loud'), { ok: false, reason: 'script: loud ended with 1: "the end"' });
  assert.deepEqual(await run('liar'), { ok: false, reason: 'script: liar ended with 1: "exit 0"' });
});

test('a program that does not end is down at the timeout; one that is not there proves nothing', async () => {
  assert.deepEqual(await run('slow', [], 300), { ok: false, reason: 'script: timed out' });
  assert.deepEqual(await run('nothing'), { ok: null, reason: 'script: there is no program nothing' });
});

test('a box that cannot run programs proves nothing', async () => {
  const other = createProber({ icmpId: 1, scripts: join(folder, 'nowhere') });
  const question = { type: 'script', program: 'good', args: [] } as const;
  const answer = await new Promise<ProbeAnswer>((done) => {
    other.ask({ address: '192.0.2.11', port: 1, timeout: 1000, question: { ...question, args: [] } }, done);
  });
  assert.equal(answer.ok, null);
  assert.match(answer.reason, /ENOENT$/);
});
