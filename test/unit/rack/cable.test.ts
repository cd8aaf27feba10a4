import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { now } from '../../../image/rack/drill/program.ts';
import { program, Worker } from '../../../image/rack/worker.ts';

const FRAME = 72;
const WIRE_MS = (FRAME * 10 * 1000) / 115_200;

let dir: string;
let cable: Worker;
const servers: Server[] = [];
const ends: Record<string, Socket> = {};

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tandem-cable-'));
  const [command = '', ...args] = program('cable', { baud: 115_200 });
  cable = new Worker('the cable', spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] }));
  for (const node of ['a', 'b']) {
    const path = join(dir, node);
    const server = createServer().listen(path);
    servers.push(server);
    await once(server, 'listening');
    const [[socket]] = await Promise.all([once(server, 'connection'), cable.ask('attach', { node, path })]);
    ends[node] = socket as Socket;
  }
});

after(async () => {
  await cable.kill();
  for (const end of Object.values(ends)) end.destroy();
  for (const server of servers) server.close();
  await rm(dir, { recursive: true });
});

/** What arrives at that end within `ms` of silence after the last byte. */
async function heard(end: Socket, ms: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const take = (chunk: Buffer) => chunks.push(chunk);
  end.on('data', take);
  for (let seen = -1; seen !== chunks.length; ) {
    seen = chunks.length;
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
  end.off('data', take);
  return Buffer.concat(chunks);
}

/** Ms until `size` bytes have come. */
function arrival(end: Socket, size: number): Promise<number> {
  return new Promise((resolve) => {
    let count = 0;
    const take = (chunk: Buffer) => {
      count += chunk.length;
      if (count < size) return;
      end.off('data', take);
      resolve(performance.now());
    };
    end.on('data', take);
  });
}

test('a frame takes its time on the wire and little more', async (context) => {
  const added: number[] = [];
  for (let i = 0; i < 100; i++) {
    const arrived = arrival(ends.b!, FRAME);
    const sent = performance.now();
    ends.a!.write(Buffer.alloc(FRAME, i));
    added.push((await arrived) - sent - WIRE_MS);
  }
  added.sort((left, right) => left - right);
  const median = added[50]!;
  context.diagnostic(
    `added to ${WIRE_MS.toFixed(2)} ms: median ${median.toFixed(2)} ms, p95 ${added[95]!.toFixed(2)} ms`,
  );
  assert.ok(added[0]! > -0.1, `${added[0]} ms: faster than the wire`);
  assert.ok(median < 4, `the median frame is ${median} ms late`);
});

test('both ways at once, bytes are whole', async () => {
  const left = Buffer.from(Array.from({ length: 3000 }, (_, i) => i % 251));
  const right = Buffer.from(Array.from({ length: 6000 }, (_, i) => i % 241));
  const both = Promise.all([heard(ends.b!, 300), heard(ends.a!, 300)]);
  ends.a!.write(left);
  ends.b!.write(right);
  const [atB, atA] = await both;
  assert.ok(atB.equals(left), `${atB.length} of ${left.length} bytes`);
  assert.ok(atA.equals(right), `${atA.length} of ${right.length} bytes`);
});

test('pulled one way only that way is silent; plugged, both speak again', async () => {
  await cable.ask('pull', { from: 'a' });
  ends.a!.write('lost');
  ends.b!.write('kept');
  assert.deepEqual(await Promise.all([heard(ends.b!, 60), heard(ends.a!, 60)]), [Buffer.alloc(0), Buffer.from('kept')]);
  await cable.ask('plug');
  ends.a!.write('again');
  assert.equal((await heard(ends.b!, 60)).toString(), 'again');
});

test('a deaf box loses what is sent to it and hears nothing late', async () => {
  await cable.ask('deaf', { node: 'b', deaf: true });
  ends.a!.write('stale');
  assert.equal((await heard(ends.b!, 60)).length, 0);
  await cable.ask('deaf', { node: 'b', deaf: false });
  ends.a!.write('fresh');
  assert.equal((await heard(ends.b!, 60)).toString(), 'fresh');
});

test('what was recorded is said again between living frames, and the first byte of each box is known', async () => {
  const living = (from: string, text: string) => ends[from]!.write(Buffer.from(`${text}\0`));
  await cable.ask('record');
  for (const text of ['half', 'one', 'two', 'three', 'four']) {
    const arrived = heard(ends.b!, 40);
    living('a', text);
    await arrived;
  }
  assert.deepEqual(await cable.ask('recorded'), { a: 4, b: 0 });
  await cable.ask('play');
  assert.equal(await cable.ask('playing'), true);
  const said = heard(ends.b!, 60);
  living('a', 'five');
  assert.equal((await said).toString(), 'five\0one\0two\0three\0');
  const rest = heard(ends.b!, 60);
  ends.a!.write('si');
  assert.equal((await rest).toString(), 'si', 'nothing goes into a frame that has not ended');
  const last = heard(ends.b!, 60);
  living('a', 'x');
  assert.equal((await last).toString(), 'x\0four\0');
  assert.equal(await cable.ask('playing'), false);
  const { a } = (await cable.ask('report')) as { a: { firstAt: number | null } };
  assert.ok(a.firstAt !== null && a.firstAt <= now());
});

test('an end that goes away is forgotten, and what is sent to it is lost', async () => {
  ends.b!.destroy();
  await once(ends.b!, 'close');
  ends.a!.write('into the void');
  assert.equal((await heard(ends.a!, 60)).length, 0);
  await assert.rejects(cable.ask('attach', { node: 'b', path: join(dir, 'nowhere') }), /nowhere/);
});
