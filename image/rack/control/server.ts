import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { TandemError } from '../../../src/model/error.ts';
import { type Ask, bytesOf, dataOf, encode, Frames, type Tell } from './frames.ts';
import type { Act, Session } from './session.ts';

/** Terminals at once. */
const MAX_TERMINALS = 32;
/** Typed ahead before anybody listens. */
const MAX_AHEAD = 64 * 1024;

export const words = (error: unknown): string => {
  if (!(error instanceof TandemError)) return `${error instanceof Error ? error.stack : error}\n`;
  return `rack: ${error.message}\n${error.remedy === undefined ? '' : `  → ${error.remedy}\n`}`;
};

/** Wrong words end with 2, as shells have it, everything else with 1. */
export const codeOf = (error: unknown): number =>
  error instanceof TandemError && error.code === 'bad-request' ? 2 : 1;

/** Listens for verbs; a dead predecessor's socket is replaced. */
export async function listen(path: string, act: Act): Promise<Server> {
  await rm(path, { force: true });
  const server = createServer({ allowHalfOpen: true }, (socket) => serve(socket, act));
  server.maxConnections = MAX_TERMINALS;
  server.listen(path);
  await once(server, 'listening');
  return server;
}

function serve(socket: Socket, act: Act): void {
  const frames = new Frames<Ask>();
  const gone = new AbortController();
  const tell = (frame: Tell): boolean => socket.writable && socket.write(encode(frame));
  let listener: ((bytes: Uint8Array | undefined) => void) | undefined;
  let ahead: (Uint8Array | undefined)[] = [];
  let aheadBytes = 0;
  const input = (bytes: Uint8Array | undefined): void => {
    if (listener !== undefined) {
      listener(bytes);
      return;
    }
    aheadBytes += bytes?.length ?? 0;
    if (aheadBytes <= MAX_AHEAD) ahead.push(bytes);
  };
  const session: Session = {
    out: (bytes) => tell({ type: 'out', data: dataOf(bytes) }),
    err: (bytes) => tell({ type: 'err', data: dataOf(bytes) }),
    drained: async () => {
      if (socket.writableNeedDrain) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
    },
    onInput: (to) => {
      listener = to;
      for (const bytes of ahead) to(bytes);
      ahead = [];
    },
    gone: gone.signal,
  };
  let started = false;
  const take = (frame: Ask): void => {
    if (frame.type === 'in') input(bytesOf(frame.data));
    else if (frame.type === 'end') input(undefined);
    else if (!started) start(frame.argv);
  };
  const start = (argv: readonly string[]): void => {
    started = true;
    act(argv, session)
      .catch((error: unknown) => {
        session.err(words(error));
        return codeOf(error);
      })
      .then((code) => socket.writable && socket.end(encode({ type: 'exit', code })));
  };
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    try {
      for (const frame of frames.push(text)) take(frame);
    } catch {
      socket.destroy();
    }
  });
  // A terminal that ends its half is gone: it keeps it open for as long as it waits.
  socket.on('end', () => socket.destroy());
  socket.on('error', () => {});
  socket.on('close', () => gone.abort());
}
