import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ControllerRequest } from '../../src/model/control.ts';
import { type Status, statusSchema } from '../../src/model/status.ts';
import { ask } from '../../src/shell/lineClient.ts';
import { sh } from './netns.ts';
import { within } from './segments.ts';

const PROGRAM = join(import.meta.dirname, '../../src/controller.ts');
const UNIT = join(import.meta.dirname, '../../image/rootfs/etc/systemd/system/tandem-controller.service');
/** Emulated machines are slow to start a program; nothing here is measured with it. */
const START_MS = 60_000;

/** What the box's unit tells the runtime. */
function runtimeFlags(): string[] {
  const start = /^ExecStart=\S+\/node (.*?)\/\S+\.js$/m.exec(readFileSync(UNIT, 'utf8'));
  if (start === null) throw new Error(`${UNIT} starts no program`);
  return start[1]!.split(' ').filter((flag) => flag !== '');
}

/** The real controller as a process of its own, with its folders. */
export class ControllerBox {
  readonly folder = mkdtempSync(join(tmpdir(), 'tandem-controller-'));
  readonly #patienceMs: number;
  #child: ChildProcess | undefined;
  log = '';

  /** @param patienceMs for one answer */
  constructor(patienceMs = 20_000) {
    this.#patienceMs = patienceMs;
    for (const name of ['etc', 'state', 'run']) mkdirSync(join(this.folder, name));
    writeFileSync(join(this.folder, 'etc/node.yaml'), 'name: a\npublic: { device: eth0 }\nprivate: { device: eth1 }\n');
  }

  /** Resolves when the control socket answers. */
  async start(): Promise<void> {
    const at = (name: string): string => join(this.folder, name);
    const env = { ...process.env, TANDEM_ETC: at('etc'), TANDEM_STATE: at('state'), TANDEM_RUN: at('run') };
    const child = spawn(process.execPath, [...runtimeFlags(), PROGRAM], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.log += text;
    });
    this.#child = child;
    const deadline = performance.now() + START_MS;
    for (;;) {
      const end = child.exitCode ?? child.signalCode;
      if (end !== null) throw new Error(`the controller ended with ${end}:\n${this.log}`);
      try {
        await this.ask({ do: 'events', limit: 1 });
        return;
      } catch (error) {
        if (performance.now() > deadline)
          throw new Error(`the controller does not answer:\n${this.log}`, { cause: error });
      }
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  /** Of the running process. @throws when there is none. */
  pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('the controller does not run');
    return pid;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  async ask<T>(request: ControllerRequest): Promise<T> {
    const answer = await ask(join(this.folder, 'run/controller.sock'), request, this.#patienceMs);
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    return answer.result as T;
  }

  apply<T>(text: string): Promise<T> {
    return this.ask({ do: 'apply', text, author: 'test' });
  }

  status = async (): Promise<Status> => statusSchema.parse(await this.ask({ do: 'status' }));

  async events(kind: string): Promise<{ text: string; detail: string }[]> {
    const all = await this.ask<{ kind: string; text: string; detail: string }[]>({ do: 'events', limit: 1000 });
    return all.filter((event) => event.kind === kind);
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A real server: answers each line with its own name and the address it sees the client under. */
export class EchoServer {
  readonly name: string;
  readonly #space: string;
  #server: Server | undefined;
  readonly #open = new Set<Socket>();

  constructor(space: string, name: string) {
    this.#space = space;
    this.name = name;
  }

  async start(): Promise<void> {
    const server = createServer((socket) => {
      this.#open.add(socket);
      socket.on('close', () => this.#open.delete(socket)).on('error', () => {});
      socket.on('data', () => socket.write(`${this.name} ${socket.remoteAddress?.replace('::ffff:', '')}\n`));
    });
    this.#server = server;
    await within(this.#space, () => server.listen(8080, '::'));
    if (!server.listening) await once(server, 'listening');
  }

  /** Refuses from here on; its connections end. */
  async stop(): Promise<void> {
    // A reset is refused beside a shutdown on its way (uv_tcp_close_reset), and leaves Node's loop spinning for ever.
    for (const socket of this.#open) socket.writableEnded ? socket.destroy() : socket.resetAndDestroy();
    const server = this.#server;
    this.#server = undefined;
    if (server !== undefined) await new Promise((done) => server.close(done));
  }
}

/** A client's connection to the VIP, from 203.0.113.10 behind the gateway. */
export class Client {
  readonly #socket: Socket;
  ended = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8').setNoDelay(true);
    socket.on('close', () => {
      this.ended = true;
    });
    socket.on('error', () => {});
  }

  static async open(space: string): Promise<Client> {
    const target = { host: '198.51.100.10', port: 80, localAddress: '203.0.113.10' };
    const socket = await within(space, () => connect(target));
    const client = new Client(socket);
    await once(socket, 'connect', { signal: AbortSignal.timeout(5000) });
    return client;
  }

  /** One line there and back: who answered, and what client address the server saw. */
  async exchange(): Promise<{ server: string; seen: string }> {
    const answer = once(this.#socket, 'data', { signal: AbortSignal.timeout(5000) });
    this.#socket.write('who?\n');
    const [server = '', seen = ''] = String((await answer)[0])
      .trim()
      .split(' ');
    return { server, seen };
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** `ipvsadm -Ln` with counters: one line for each destination, by its address. */
export function destinationCounters(): Map<string, string> {
  const lines = sh('ipvsadm -Ln --stats --exact').split('\n');
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const found = /^\s+->\s+(\d\S+)\s+(.*)$/.exec(line);
      return found === null ? [] : [[found[1]!, found[2]!.trim().replace(/\s+/g, ' ')]];
    }),
  );
}

/** The kernel sums its counters up in the estimator, every 2 s (ip_vs_est.c). */
const ESTIMATE_MS = 2500;

/** Counters that have stood still for longer than the kernel takes to sum them up. */
export async function quietCounters(): Promise<Map<string, string>> {
  for (let tries = 0; tries < 8; tries += 1) {
    const before = destinationCounters();
    await new Promise((done) => setTimeout(done, ESTIMATE_MS));
    const after = destinationCounters();
    if ([...after].every(([address, counters]) => before.get(address) === counters)) return after;
  }
  throw new Error('the counters never stood still');
}

/** `ipvsadm -Sn`: the table as commands, in a stable order. */
export const savedTable = (): string => sh('ipvsadm -Sn').trim().split('\n').sort().join('\n');

export { until } from './until.ts';
