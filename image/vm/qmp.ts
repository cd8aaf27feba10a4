import type { Socket } from 'node:net';
import { TandemError } from '../../src/model/error.ts';
import { JsonLines } from './lines.ts';
import { connectUnix } from './socket.ts';

/** What QEMU reports unasked, e.g. `SHUTDOWN`, `STOP`, `VSERPORT_CHANGE` (QEMU, docs/interop/qmp-spec.rst). */
export interface QmpEvent {
  readonly event: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

interface Pending {
  readonly command: string;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The states of `query-status` that matter here; a stopped box is `paused`. */
export type RunState = 'running' | 'paused' | 'shutdown' | 'prelaunch' | (string & {});

/** A session with QEMU's control socket. One client at a time; commands are answered in order. */
export class Qmp {
  readonly #socket: Socket;
  readonly #path: string;
  readonly #lines = new JsonLines();
  readonly #pending: Pending[] = [];
  readonly #listeners = new Set<(event: QmpEvent) => void>();
  /** Settles when the connection ends, whoever ended it. */
  readonly closed: Promise<void>;

  private constructor(socket: Socket, path: string) {
    this.#socket = socket;
    this.#path = path;
    socket.on('data', (chunk: Uint8Array) => this.#receive(chunk));
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#fail(new TandemError('unreachable', `${path}: QEMU closed its control socket`));
        resolve();
      });
    });
  }

  /** @throws TandemError `unreachable` when QEMU does not listen there. */
  static async connect(path: string): Promise<Qmp> {
    const qmp = new Qmp(await connectUnix(path), path);
    await qmp.execute('qmp_capabilities');
    return qmp;
  }

  /**
   * One command and its answer.
   * @throws TandemError `refused` with QEMU's words, `unreachable` when QEMU goes away first.
   */
  execute(command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) {
        reject(new TandemError('unreachable', `${this.#path}: the control socket is closed`));
        return;
      }
      this.#pending.push({ command, resolve, reject });
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    });
  }

  /** Calls `listener` for every event until the returned function is called. */
  onEvent(listener: (event: QmpEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Power off, at once, without a word to the guest. Resolves when QEMU is gone. */
  async quit(): Promise<void> {
    await this.execute('quit').catch((error: TandemError) => {
      if (error.code !== 'unreachable') throw error;
    });
    await this.closed;
  }

  /** Freezes the guest: its processors and its clocks stand still. */
  async stop(): Promise<void> {
    await this.execute('stop');
  }

  /** Thaws it. */
  async cont(): Promise<void> {
    await this.execute('cont');
  }

  /** Plugs or unplugs the cable of a NIC: the guest sees its carrier change. `id` as in the VmSpec. */
  async setLink(id: string, up: boolean): Promise<void> {
    await this.execute('set_link', { name: id, up });
  }

  async status(): Promise<RunState> {
    return ((await this.execute('query-status')) as { status: RunState }).status;
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Uint8Array): void {
    try {
      for (const value of this.#lines.push(chunk)) this.#take(value as Record<string, unknown>);
    } catch (error) {
      this.#fail(error as Error);
      this.#socket.destroy();
    }
  }

  #take(message: Record<string, unknown>): void {
    if (typeof message.event === 'string') {
      for (const listener of this.#listeners) listener(message as unknown as QmpEvent);
    } else if ('return' in message) {
      this.#pending.shift()?.resolve(message.return);
    } else if ('error' in message) {
      const pending = this.#pending.shift();
      const { desc } = message.error as { desc: string };
      pending?.reject(new TandemError('refused', `QEMU refuses ${pending.command}: ${desc}`));
    }
  }

  #fail(error: Error): void {
    for (const pending of this.#pending.splice(0)) pending.reject(error);
  }
}
