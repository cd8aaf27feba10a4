import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { bytesOf, dataOf, encode, Frames, type Tell } from '../../../image/rack/control/frames.ts';
import { listen } from '../../../image/rack/control/server.ts';
import type { Act } from '../../../image/rack/control/session.ts';
import { placeOf } from '../../../image/rack/place.ts';
import { TandemError } from '../../../src/model/error.ts';

/** A terminal that says these lines and gathers what the rack tells until the end. */
async function terminal(act: Act, lines: readonly string[]): Promise<Tell[]> {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-control-'));
  const server = await listen(join(dir, 'control.sock'), act);
  try {
    const socket = connect(join(dir, 'control.sock')).setEncoding('utf8');
    socket.on('error', () => {});
    const frames = new Frames<Tell>();
    const told: Tell[] = [];
    socket.on('data', (text: string) => told.push(...frames.push(text)));
    for (const line of lines) socket.write(line);
    await once(socket, 'close');
    return told;
  } finally {
    server.close();
    await rm(dir, { recursive: true });
  }
}

const run = encode({ type: 'run', argv: ['x', 'y'] });

test('output, error and exit code reach the terminal', async () => {
  const act: Act = async (argv, session) => {
    session.out(`${argv.join(' ')}\n`);
    session.err('oh\n');
    return 7;
  };
  assert.deepEqual(await terminal(act, [run]), [
    { type: 'out', data: dataOf('x y\n') },
    { type: 'err', data: dataOf('oh\n') },
    { type: 'exit', code: 7 },
  ]);
});

test('what is typed before anybody listens is kept, and the end of input is told', async () => {
  const act: Act = (_, session) =>
    new Promise((resolve) => {
      setImmediate(() =>
        session.onInput((bytes) => {
          if (bytes === undefined) resolve(0);
          else session.out(bytes);
        }),
      );
    });
  const told = await terminal(act, [run, encode({ type: 'in', data: dataOf('early') }), encode({ type: 'end' })]);
  assert.deepEqual(told, [
    { type: 'out', data: dataOf('early') },
    { type: 'exit', code: 0 },
  ]);
});

test('a refusal ends with 2 and its remedy, another error with 1', async () => {
  const refuse = async (): Promise<number> => {
    throw new TandemError('bad-request', 'no such box', { remedy: 'write a or b' });
  };
  const [err, exit] = await terminal(refuse, [run]);
  assert.match(bytesOf((err as { data: string }).data).toString(), /no such box[\s\S]*write a or b/);
  assert.deepEqual(exit, { type: 'exit', code: 2 });
  const fail = async (): Promise<number> => {
    throw new TandemError('io', 'broken');
  };
  assert.deepEqual((await terminal(fail, [run])).at(-1), { type: 'exit', code: 1 });
});

test('nonsense ends the session, not the rack', async () => {
  assert.deepEqual(await terminal(async () => 0, ['{nonsense\n']), []);
});

test('a checkout has its own place, and a cache too deep for sockets is refused', () => {
  assert.notEqual(placeOf('/one', '/c').dir, placeOf('/two', '/c').dir);
  assert.equal(placeOf('/one', '/c').dir, placeOf('/one', '/c').dir);
  assert.throws(() => placeOf('/one', `/${'deep/'.repeat(20)}`), /too long/);
});
