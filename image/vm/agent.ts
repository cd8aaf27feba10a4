import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { TandemError } from '../../src/model/error.ts';
import { JsonLines } from './lines.ts';
import { connectUnix } from './socket.ts';

export interface ExecOptions {
  /** Whole run; the program is killed in the guest when it is over. Default 30. */
  readonly timeoutSeconds?: number;
  /** Standard input. */
  readonly input?: string | Uint8Array;
}

export interface ExecResult {
  /** Exit code; 128 + signal when a signal ended it, as a shell tells it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface ExecStatus {
  readonly exited: boolean;
  readonly exitcode?: number;
  readonly signal?: number;
  readonly 'out-data'?: string;
  readonly 'err-data'?: string;
}

/** One answer to a request that does no work in the guest. */
const answerSeconds = 10;
/** The agent has no event for an ended program: it is asked again after 10 ms, then ever less often up to this. */
const longestPollMs = 100;

const text = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64').toString('utf8');

/** Runs programs in a guest through qemu-guest-agent, without any network (QEMU, docs/interop/qemu-ga-ref). */
export class GuestAgent {
  readonly #socket: Socket;
  readonly #path: string;
  readonly #lines = new JsonLines();
  #waiting: { resolve(value: Record<string, unknown>): void; reject(error: Error): void } | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(socket: Socket, path: string) {
    this.#socket = socket;
    this.#path = path;
    socket.on('data', (chunk: Uint8Array) => this.#receive(chunk));
    socket.on('error', () => {});
    socket.on('close', () => this.#fail(this.#gone('the emulator closed the socket')));
  }

  /**
   * Connects and waits until the agent in the guest answers: during a boot that is when its unit has started. Bytes for a
   * guest that is not there yet wait in the socket, so one request is enough.
   * @throws TandemError `unreachable` when the guest does not answer in time or the emulator is not there.
   */
  static async connect(path: string, options: { timeoutSeconds: number }): Promise<GuestAgent> {
    const agent = new GuestAgent(await connectUnix(path), path);
    try {
      const id = randomInt(1, 2 ** 31);
      const request = { execute: 'guest-sync-delimited', arguments: { id } };
      await agent.#request(request, options.timeoutSeconds, (answer) => answer.return === id, true);
      return agent;
    } catch (error) {
      agent.close();
      throw error;
    }
  }

  /**
   * Runs a program (looked up in the guest's PATH) to its end. Several may run at the same time.
   * @throws TandemError `not-found` when the guest cannot start it, `unreachable` when the agent stops answering or the
   * program runs into its time-out.
   */
  async exec(command: readonly [string, ...string[]], options: ExecOptions = {}): Promise<ExecResult> {
    const [path, ...arg] = command;
    const seconds = options.timeoutSeconds ?? 30;
    const input = options.input === undefined ? {} : { 'input-data': Buffer.from(options.input).toString('base64') };
    const started = await this.#call('guest-exec', { path, arg, 'capture-output': true, ...input });
    const { pid } = started as { pid: number };
    const deadline = performance.now() + seconds * 1000;
    for (let pollMs = 10; ; pollMs = Math.min(pollMs * 1.5, longestPollMs)) {
      const status = (await this.#call('guest-exec-status', { pid })) as ExecStatus;
      if (status.exited) {
        const code = status.exitcode ?? 128 + (status.signal ?? 0);
        return { code, stdout: text(status['out-data']), stderr: text(status['err-data']) };
      }
      if (performance.now() > deadline) {
        await this.#call('guest-exec', { path: 'kill', arg: ['-KILL', String(pid)] });
        throw new TandemError('unreachable', `${command.join(' ')}: still running after ${seconds} s; killed`);
      }
      await delay(pollMs);
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  async #call(command: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    const answer = await this.#request({ execute: command, arguments: args }, answerSeconds, () => true, false);
    if ('error' in answer) {
      const { desc } = answer.error as { desc: string };
      const named = typeof args.path === 'string' ? ` ${args.path}` : '';
      throw new TandemError(command === 'guest-exec' ? 'not-found' : 'refused', `guest: ${command}${named}: ${desc}`);
    }
    return answer.return;
  }

  /** Requests go one at a time; an answer that `wanted` refuses belongs to an earlier client and is dropped. */
  #request(
    message: unknown,
    seconds: number,
    wanted: (answer: Record<string, unknown>) => boolean,
    delimited: boolean,
  ): Promise<Record<string, unknown>> {
    const turn = this.#queue.then(() => {
      if (this.#socket.destroyed) throw this.#gone('the socket is closed');
      return new Promise<Record<string, unknown>>((resolve, reject) => {
        const timer = setTimeout(() => {
          this.#fail(this.#gone(`no answer within ${seconds} s`));
          this.#socket.destroy();
        }, seconds * 1000);
        const settle = () => {
          clearTimeout(timer);
          this.#waiting = undefined;
        };
        this.#waiting = {
          resolve: (answer) => {
            if (!wanted(answer)) return;
            settle();
            resolve(answer);
          },
          reject: (error) => {
            settle();
            reject(error);
          },
        };
        if (delimited) this.#socket.write(Uint8Array.of(0xff));
        this.#socket.write(`${JSON.stringify(message)}\n`);
      });
    });
    this.#queue = turn.catch(() => {});
    return turn;
  }

  #receive(chunk: Uint8Array): void {
    try {
      for (const value of this.#lines.push(chunk)) this.#waiting?.resolve(value as Record<string, unknown>);
    } catch (error) {
      this.#fail(error as Error);
      this.#socket.destroy();
    }
  }

  #gone(why: string): TandemError {
    return new TandemError('unreachable', `guest agent at ${this.#path}: ${why}`, {
      remedy: 'connect again when the guest is up',
    });
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
  }
}
