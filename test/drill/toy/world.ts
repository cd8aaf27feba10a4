import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { mac } from '../../../image/rack/figure.ts';

/**
 * The rack's shape without its machines: two bridges in one namespace, a client on the public one, and two namespaces
 * that play the routers and serve in person. Nothing outlives the process that made it: each namespace lives as long
 * as a `cat` on a pipe from here.
 */

export class Namespace {
  readonly name: string;
  readonly #holder: ChildProcess;

  private constructor(name: string, holder: ChildProcess) {
    this.name = name;
    this.#holder = holder;
  }

  static async create(name: string): Promise<Namespace> {
    const script = 'ip link set lo up && echo ready && exec cat';
    const holder = spawn('unshare', ['--net', 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(createInterface({ input: holder.stdout }), 'line');
    return new Namespace(name, holder);
  }

  get pid(): string {
    return String(this.#holder.pid);
  }

  /** @returns what the command prints. @throws when it fails. */
  run(command: string): string {
    const argv = ['--net', '--target', this.pid, '--', 'sh', '-ec', command];
    const done = spawnSync('nsenter', argv, { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`${this.name}: \`${command}\` failed: ${done.stderr}`);
    return done.stdout;
  }

  spawn(argv: readonly string[]): ChildProcess {
    return spawn('nsenter', ['--net', '--target', this.pid, '--', ...argv], { stdio: ['pipe', 'pipe', 'pipe'] });
  }

  async close(): Promise<void> {
    const closed = once(this.#holder, 'close');
    this.#holder.stdin?.end();
    await closed;
  }
}

/** Monotonic ms: a change happened neither before `from` nor after `to`. */
export interface Done {
  readonly from: number;
  readonly to: number;
}

/** One fake router: see router.ts. */
export class ToyRouter {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stderr?.pipe(process.stderr);
    this.#lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  }

  async ready(): Promise<this> {
    await this.#answer();
    return this;
  }

  /** Returns between which moments the kernel did it. */
  async tell(what: 'take' | 'drop', which: 'both' | 'public' | 'private' = 'both'): Promise<Done> {
    this.#child.stdin?.write(`${what} ${which}\n`);
    return await this.#answer();
  }

  async close(): Promise<void> {
    const closed = once(this.#child, 'close');
    this.#child.stdin?.end();
    await closed;
  }

  async #answer(): Promise<Done> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('a toy router ended');
    return JSON.parse(value) as Done;
  }
}

export interface World {
  readonly rack: Namespace;
  readonly client: Namespace;
  readonly a: ToyRouter;
  readonly b: ToyRouter;
  close(): Promise<void>;
}

const routerProgram = fileURLToPath(new URL('router.ts', import.meta.url));

export async function createWorld(): Promise<World> {
  const rack = await Namespace.create('rack');
  for (const bridge of ['wan', 'lan']) rack.run(`ip link add ${bridge} type bridge; ip link set ${bridge} up`);
  const join = (port: string, bridge: string, into: Namespace, device: string, mac: string) => {
    rack.run(`ip link add ${port} type veth peer name ${device} address ${mac} netns ${into.pid}`);
    rack.run(`ip link set ${port} master ${bridge} up`);
    into.run(`ip link set ${device} up`);
  };
  const client = await Namespace.create('client');
  join('client', 'wan', client, 'eth0', '02:00:00:00:00:cc');
  client.run('ip address add 198.51.100.50/24 dev eth0');
  const routers: ToyRouter[] = [];
  const boxes: Namespace[] = [];
  for (const [name, host] of [
    ['a', 2],
    ['b', 3],
  ] as const) {
    const box = await Namespace.create(name);
    join(`${name}-wan`, 'wan', box, 'eth0', mac(name, 'public'));
    join(`${name}-lan`, 'lan', box, 'eth1', mac(name, 'private'));
    box.run(`ip address add 198.51.100.${host}/24 dev eth0; ip address add 192.0.2.${host}/24 dev eth1`);
    // The echo answers from the float, so it binds to it before the float is there.
    box.run('echo 1 > /proc/sys/net/ipv4/ip_nonlocal_bind');
    boxes.push(box);
    routers.push(await new ToyRouter(box.spawn([process.execPath, routerProgram])).ready());
  }
  return {
    rack,
    client,
    a: routers[0]!,
    b: routers[1]!,
    close: async () => {
      for (const router of routers) await router.close();
      for (const namespace of [client, ...boxes, rack]) await namespace.close();
    },
  };
}
