import type { Socket } from 'node:net';
import { JsonLines } from '../vm/lines.ts';
import { connectUnix } from '../vm/socket.ts';

/** Silence on the port after which an answer is the last one that was on its way. */
const QUIET_MS = 300;

/**
 * Questions to a box's controller or pair lane over the relay on a virtio port (rack-status.service, rack-lane.service).
 * One at a time. When an answer stayed out, it may still come and be mistaken for the next one: then the last of what
 * arrives is taken.
 */
export class Questions {
  readonly #socket: Socket;
  readonly #lines = new JsonLines();
  #heard: (answer: unknown) => void = () => {};
  #dirty = false;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      try {
        for (const answer of this.#lines.push(bytes)) this.#heard(answer);
      } catch {
        // Half a line from before the relay began anew.
        this.#dirty = true;
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
    return new Promise((resolve) => {
      const end = (answer: unknown): void => {
        this.#heard = () => {};
        this.#dirty = answer === undefined;
        resolve(answer);
      };
      let timer = setTimeout(() => end(undefined), limitMs);
      this.#heard = (answer) => {
        clearTimeout(timer);
        if (this.#dirty) timer = setTimeout(() => end(answer), QUIET_MS);
        else end(answer);
      };
      this.#socket.write(`${JSON.stringify(request)}\n`);
    });
  }
}
