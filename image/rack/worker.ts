import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TandemError } from '../../src/model/error.ts';

/** Longest wait for an answer of a helper program. */
const PATIENCE_MS = 5000;
const MAX_COMPLAINT = 2000;

/** The command line of one of the helper programs on this Node. */
export const program = (name: string, options: object): string[] => [
  process.execPath,
  fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url)),
  JSON.stringify(options),
];

/** The rack's end of a helper program: see programs/answers.ts for the lines they speak. */
export class Worker {
  readonly ended: Promise<void>;
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  #next = 1;
  #complaint = '';
  #over: TandemError | undefined;

  /**
   * @param name for messages.
   * @param child with pipes on stdin, stdout and stderr.
   * @param onEvent what it says unasked.
   */
  constructor(name: string, child: ChildProcess, onEvent: (event: Record<string, unknown>) => void = () => {}) {
    this.#name = name;
    this.#child = child;
    child.stdin!.on('error', () => {});
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-MAX_COMPLAINT);
    });
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const said = JSON.parse(line) as Record<string, unknown>;
      if ('id' in said) this.#hear(said as { id: number; result?: unknown; error?: string });
      else onEvent(said);
    });
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => this.#end(error.message, resolve));
      child.once('close', (code, signal) => this.#end(`ended with ${signal ?? code}`, resolve));
    });
  }

  get running(): boolean {
    return this.#over === undefined;
  }

  /** @throws TandemError `io` when the program refuses, has ended or says nothing for five seconds. */
  ask(what: string, more: object = {}): Promise<unknown> {
    if (this.#over) return Promise.reject(this.#over);
    const id = this.#next++;
    this.#child.stdin!.write(`${JSON.stringify({ id, do: what, ...more })}\n`);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new TandemError('io', `${this.#name} did not answer \`${what}\` within ${PATIENCE_MS} ms`));
      }, PATIENCE_MS);
      this.#waiting.set(id, {
        resolve: (result) => {
          clearTimeout(timer);
          resolve(result);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
    });
  }

  /** SIGKILL, then waits for the end. */
  async kill(): Promise<void> {
    if (this.running) this.#child.kill('SIGKILL');
    await this.ended;
  }

  #hear({ id, result, error }: { id: number; result?: unknown; error?: string }): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new TandemError('io', `${this.#name}: ${error}`));
  }

  #end(how: string, resolve: () => void): void {
    const words = this.#complaint.trim();
    this.#over = new TandemError('io', `${this.#name} ${how}${words === '' ? '' : `; it said: ${words}`}`);
    for (const { reject } of this.#waiting.values()) reject(this.#over);
    this.#waiting.clear();
    resolve();
  }
}
