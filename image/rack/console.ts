import type { Socket } from 'node:net';
import { connectUnix } from '../vm/socket.ts';

/** Back-scroll that is kept: several screens. */
const KEPT = 64 * 1024;

/** One box's serial console (ttyS0): everything it says is kept up to a limit, across power cuts. */
export class Console {
  #log = Buffer.alloc(0);
  #socket: Socket | undefined;
  readonly #listeners = new Set<(bytes: Buffer) => void>();

  /** @param path the Unix socket behind ttyS0. @throws TandemError `unreachable`. */
  async attach(path: string): Promise<void> {
    this.#socket?.destroy();
    const socket = await connectUnix(path);
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      this.#log = Buffer.concat([this.#log, bytes]).subarray(-KEPT);
      for (const listener of this.#listeners) listener(bytes);
    });
  }

  /** What a person would see by scrolling back. */
  get log(): Buffer {
    return this.#log;
  }

  /** Keys for the box; without power they go nowhere. */
  type(bytes: Uint8Array): void {
    if (this.#socket?.writable) this.#socket.write(bytes);
  }

  listen(listener: (bytes: Buffer) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
