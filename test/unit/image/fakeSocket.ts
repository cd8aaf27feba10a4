import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';

/** What the far end was asked: one line of JSON, without the 0xFF that may stand before it. */
export interface Asked {
  readonly execute: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A Unix socket whose far end answers each line with what `answer` sends. Gone with the test. */
export async function farEnd(
  t: TestContext,
  answer: (asked: Asked, send: (value: unknown) => void, socket: Socket) => void,
  greet: (send: (value: unknown) => void) => void = () => {},
): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-far-'));
  const path = join(dir, 'socket');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    const send = (value: unknown) => socket.write(`${JSON.stringify(value)}\n`);
    greet(send);
    createInterface({ input: socket.setEncoding('latin1') }).on('line', (line) => {
      answer(JSON.parse(line.replace(/^\xff/, '')) as Asked, send, socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await rm(dir, { recursive: true });
  });
  return path;
}
