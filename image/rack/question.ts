import type { Socket } from 'node:net';
import { JsonLines } from '../vm/lines.ts';
import { connectUnix } from '../vm/socket.ts';

/**
 * Questions to a box's controller, pair lane or panel over the relay on a virtio port (rack-status.service and its
 * like). One at a time; an answer that comes after its time is known by its number and goes unheard.
 */
export class Questions {
  readonly #socket: Socket;
  readonly #lines = new JsonLines();
  #heard: (answer: unknown) => void = () => {};
  #number = 0;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      try {
        for (const answer of this.#lines.push(bytes)) this.#heard(answer);
      } catch {
        // Half a line from before the relay began anew.
      }
    });
  }

  /** @throws TandemError `unreachable`. */
  static async connect(path: string): Promise<Questions> {
    return new Questions(await connectUnix(path));
  }

  /** The answer; undefined when none comes within `limitMs`. */
  ask(request: object, limitMs: number): Promise<unknown> {
    const turn = this.#turn.then(() => this.#ask(request, limitMs));
    this.#turn = turn;
    return turn;
  }

  close(): void {
    this.#socket.destroy();
  }

  #ask(request: object, limitMs: number): Promise<unknown> {
    if (!this.#socket.writable) return Promise.resolve(undefined);
    this.#number += 1;
    const id = this.#number;
    return new Promise((resolve) => {
      const end = (answer: unknown): void => {
        clearTimeout(timer);
        this.#heard = () => {};
        resolve(answer);
      };
      const timer = setTimeout(() => end(undefined), limitMs);
      this.#heard = (answer) => {
        if ((answer as { readonly id?: unknown } | null)?.id === id) end(answer);
      };
      this.#socket.write(`${JSON.stringify({ ...request, id })}\n`);
    });
  }
}
