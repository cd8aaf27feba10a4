import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CaptureOptions, CaptureReport } from './capture.ts';
import type { ConnectionsOptions, ConnectionsReport } from './connections.ts';
import type { ProberOptions, ProberReport } from './prober.ts';
import type { WatcherOptions, WatcherReport } from './watcher.ts';

/** The runner's end of a measuring program: see program.ts for the lines they speak. */

interface Event {
  readonly event: string;
  /** Of a watcher's `steady`: the hardware address that answers for the float. */
  readonly owner?: string;
}

const MAX_COMPLAINT = 2000;

/** The command line of each program on this Node. */
export const programs = {
  prober: (options: ProberOptions) => argv('prober', options),
  connections: (options: ConnectionsOptions) => argv('connections', options),
  watcher: (options: WatcherOptions) => argv('watcher', options),
  capture: (options: CaptureOptions) => argv('capture', options),
} as const;

function argv(name: string, options: object): string[] {
  return [process.execPath, fileURLToPath(new URL(`${name}.ts`, import.meta.url)), JSON.stringify(options)];
}

export type Prober = Program<ProberReport>;
export type Connections = Program<ConnectionsReport>;
export type Watcher = Program<WatcherReport>;
export type Capture = Program<CaptureReport>;

export class Program<Report> {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<string, { resolve: (event: Event) => void; reject: (error: Error) => void }>();
  readonly #seen = new Map<string, Event>();
  readonly #ended: Promise<void>;
  #complaint = '';
  #over: Error | undefined;

  /** @param name for messages only. */
  constructor(name: string, child: ChildProcess) {
    const { stdin, stdout, stderr } = child;
    if (!stdin || !stdout || !stderr) throw new Error(`${name} needs pipes on stdin, stdout and stderr`);
    this.#name = name;
    this.#child = child;
    stdin.on('error', () => {});
    stderr.setEncoding('utf8');
    stderr.on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-MAX_COMPLAINT);
    });
    createInterface({ input: stdout }).on('line', (line) => this.#hear(JSON.parse(line) as Event));
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => this.#end(error.message, resolve));
      child.once('close', (code, signal) => this.#end(`ended with ${signal ?? code}`, resolve));
    });
  }

  /**
   * Resolves once traffic has been untroubled for `quietMs`, counted from this call.
   * @throws when that does not come true within `timeoutMs`, or the program ends.
   */
  steady(quietMs: number, timeoutMs: number): Promise<Event> {
    this.#seen.delete('steady');
    this.#command(`mark ${quietMs}`);
    return this.#event('steady', timeoutMs);
  }

  async report(timeoutMs = 10_000): Promise<Report> {
    this.#command('report');
    return (await this.#event('report', timeoutMs)) as Event & Report;
  }

  /** Ends the program and waits until it has. */
  async stop(): Promise<void> {
    if (this.#over === undefined) {
      this.#child.stdin?.end();
      this.#child.kill('SIGKILL');
    }
    await this.#ended;
  }

  #command(line: string): void {
    if (this.#over) throw this.#over;
    this.#child.stdin?.write(`${line}\n`);
  }

  #hear(event: Event): void {
    const waiting = this.#waiting.get(event.event);
    this.#waiting.delete(event.event);
    if (waiting) waiting.resolve(event);
    else this.#seen.set(event.event, event);
  }

  #event(name: string, timeoutMs: number): Promise<Event> {
    const seen = this.#seen.get(name);
    this.#seen.delete(name);
    if (seen) return Promise.resolve(seen);
    if (this.#over) return Promise.reject(this.#over);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(name);
        reject(new Error(`${this.#name}: no \`${name}\` within ${timeoutMs} ms${this.#why()}`));
      }, timeoutMs);
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          then(value);
        };
      this.#waiting.set(name, { resolve: settle(resolve), reject: settle(reject) });
    });
  }

  #why(): string {
    return this.#complaint === '' ? '' : `; it said: ${this.#complaint.trim()}`;
  }

  #end(how: string, resolve: () => void): void {
    this.#over = new Error(`${this.#name}: ${how}${this.#why()}`);
    for (const { reject } of this.#waiting.values()) reject(this.#over);
    this.#waiting.clear();
    resolve();
  }
}
