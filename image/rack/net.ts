import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../build/run.ts';
import { BRIDGES, CLIENT, DESK, GATEWAY, NICS, NODES, SERVERS, serverAddress, tap, type Where } from './figure.ts';

/**
 * The private world: three bridges with a tap for each router, one of them for heartbeats alone, and namespaces for gateway, client and real servers.
 * Must run inside network, mount and process namespaces of its own (foreground.ts): nothing here is ever taken down,
 * it ends with the process that made it. There is no uplink.
 */
export class World {
  readonly #dir: string;

  private constructor(dir: string) {
    this.#dir = dir;
  }

  /** @param dir an empty folder; a tmpfs is mounted on it that only this world sees. @throws TandemError `io`. */
  static async make(dir: string): Promise<World> {
    await mkdir(dir, { recursive: true });
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=0700', 'tandem-rack', dir]);
    const world = new World(dir);
    for (const name of NAMESPACES) {
      await writeFile(world.#file(name), '');
      await run('unshare', [`--net=${world.#file(name)}`, 'true']);
    }
    // Without IPv6 the bridges and taps themselves stay silent: every frame on them is somebody's.
    await run('sh', ['-c', 'for all in /proc/sys/net/ipv6/conf/*/disable_ipv6; do echo 1 >"$all"; done']);
    await run('ip', ['-batch', '-'], { input: bridges((name) => world.#file(name)) });
    for (const name of NAMESPACES) {
      const input = inside(name);
      await run('nsenter', [`--net=${world.#file(name)}`, 'ip', '-batch', '-'], { input });
    }
    await run('nsenter', [`--net=${world.#file('gateway')}`, 'sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward']);
    return world;
  }

  /** The command line that runs `argv` in that namespace; the process it starts becomes `argv`. */
  argvIn(where: Where, argv: readonly string[]): string[] {
    return where === 'rack' ? [...argv] : ['nsenter', `--net=${this.#file(where)}`, '--', ...argv];
  }

  /** What a program says in that namespace, run to its end. @throws TandemError `io` with its last words when it fails. */
  outputIn(where: Where, argv: readonly string[]): Promise<string> {
    const [command = '', ...args] = this.argvIn(where, argv);
    return run(command, args);
  }

  /** Starts a program in that namespace with pipes, in a session of its own: Ctrl-C in the terminal is not its affair. */
  spawnIn(
    where: Where,
    argv: readonly string[],
    options: { env?: Readonly<Record<string, string>> } = {},
  ): ChildProcess {
    const [command = '', ...args] = this.argvIn(where, argv);
    const env = { ...process.env, ...options.env };
    return spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env });
  }

  #file(name: string): string {
    return join(this.#dir, name);
  }
}

type Name = Exclude<Where, 'rack'>;
const NAMESPACES: readonly Name[] = ['client', 'gateway', ...SERVERS.map((number) => `s${number}` as const)];

/** In the namespace `rack`: bridges, taps, and a veth into each other namespace, whose end there is eth0. */
function bridges(file: (name: Name) => string): string {
  const lines = ['link set lo up'];
  for (const name of Object.values(BRIDGES)) {
    lines.push(`link add ${name} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`, `link set ${name} up`);
  }
  lines.push(`address add ${DESK}/24 dev ${BRIDGES.private}`);
  const port = (device: string, bridge: string) =>
    lines.push(`link set ${device} master ${bridge}`, `link set ${device} up`);
  for (const node of NODES) {
    for (const nic of NICS) {
      lines.push(`tuntap add dev ${tap(node, nic)} mode tap`);
      port(tap(node, nic), BRIDGES[nic]);
    }
  }
  const leaf = (name: Name, bridge: string) => {
    lines.push(`link add ${name} type veth peer name eth0 netns ${file(name)}`);
    port(name, bridge);
  };
  leaf('gateway', BRIDGES.public);
  for (const number of SERVERS) leaf(`s${number}`, BRIDGES.private);
  lines.push(`link add gateway-eth1 netns ${file('gateway')} type veth peer name eth0 netns ${file('client')}`);
  return lines.join('\n');
}

function inside(name: Name): string {
  const address = (device: string, cidr: string) => [`address add ${cidr} dev ${device}`, `link set ${device} up`];
  const lines = ['link set lo up'];
  if (name === 'gateway') {
    lines.push('link set gateway-eth1 name eth1', ...address('eth0', `${GATEWAY.wan}/24`));
    lines.push(...address('eth1', `${GATEWAY.clients}/24`));
  } else if (name === 'client') {
    lines.push(...address('eth0', `${CLIENT}/24`), `route add default via ${GATEWAY.clients}`);
  } else {
    const number = SERVERS.find((server) => `s${server}` === name)!;
    lines.push(...address('eth0', `${serverAddress(number)}/24`), 'route add default via 192.0.2.1');
  }
  return lines.join('\n');
}
