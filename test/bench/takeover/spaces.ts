import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrialRack } from '../../../image/rack/bench/system.ts';
import { BRIDGES, DEVICES, FLOATS, mac, NODES, PORTS, PRIVATE_FLOAT, VIP } from '../../../image/rack/figure.ts';
import { checkout } from '../../../image/rack/place.ts';
import type { ServerOptions } from '../../../image/rack/programs/server.ts';
import { TandemError } from '../../../src/model/error.ts';
import { type NodeId, SIDES, type Side } from '../../../src/model/pair.ts';
import { Namespace } from '../../drill/toy/world.ts';

/**
 * The figure without its machines: each router is a network namespace that forwards between its two NICs, and what makes
 * it a router of a pair runs on this machine's own processor. In IPVS's place, which a machine need not have, stands the
 * translation of nf_tables: what comes to the public float goes on to the real server, which answers by way of the private
 * one. A connection that comes to another router is picked up there by its next packet (nf_conntrack_tcp_loose).
 */

/** On the public side, and the gateway that the routers ask. */
export const CLIENT_ADDRESS = '198.51.100.1';
/** On the private side. */
export const SERVER_ADDRESS = '192.0.2.11';

const HOSTS: Readonly<Record<NodeId, number>> = { a: 2, b: 3 };
const NETS: Readonly<Record<Side, string>> = { public: '198.51.100', private: '192.0.2' };

const OFF = ['all', 'default', ...SIDES.map((side) => DEVICES[side])];
const SYSCTLS = [
  'echo 1 >/proc/sys/net/ipv4/ip_forward',
  ...OFF.map((name) => `echo 0 >/proc/sys/net/ipv4/conf/${name}/send_redirects`),
].join('; ');

/** As IPVS: whoever has not the float serves nobody, not even connections that it knows; and nobody passes untranslated. */
const TRANSLATION = `nft -f - <<'END'
table ip pair {
  chain early {
    type filter hook prerouting priority raw
    iifname ${DEVICES.public} ip daddr ${VIP} fib daddr type != local drop
  }
  chain translate {
    type nat hook prerouting priority dstnat
    ip daddr ${VIP} tcp dport ${PORTS.web.service} dnat to ${SERVER_ADDRESS}:${PORTS.web.server}
    ip daddr ${VIP} tcp dport ${PORTS.tcpEcho} dnat to ${SERVER_ADDRESS}
    ip daddr ${VIP} udp dport ${PORTS.udpEcho} dnat to ${SERVER_ADDRESS}
  }
  chain pass {
    type filter hook forward priority filter; policy drop
    ct status dnat accept
  }
}
END
# A router that had a connection before has missed a part of it; a sequence number that it does not expect is no other connection.
echo 1 >/proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal`;

const NO_FLOATS = SIDES.map((side) => `ip address del ${FLOATS[side]}/24 dev ${DEVICES[side]} 2>&- || true`).join('; ');

const port = (node: NodeId, side: Side): string => `${node}-${BRIDGES[side]}`;

const SERVER: ServerOptions = {
  name: 's1',
  address: SERVER_ADDRESS,
  httpPort: PORTS.web.server,
  udpPort: PORTS.udpEcho,
  tcpPort: PORTS.tcpEcho,
};
/** It says one line once it serves. */
const SERVE = [process.execPath, join(checkout, 'image/rack/programs/server.ts'), JSON.stringify(SERVER)];

/** Ends with this process, however that ends (PR_SET_PDEATHSIG of prctl(2)). */
const withUs = (argv: readonly string[]): string[] => ['setpriv', '--pdeathsig', 'KILL', '--', ...argv];

/** proc_pid_task(5): `children`. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

/** proc_pid_stat(5): user and system time, in the hundredths of a second that all Linux shows them in. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

export class Spaces implements TrialRack {
  readonly #rack: Namespace;
  readonly #client: Namespace;
  readonly #server: Namespace;
  #serving: ChildProcess | undefined;
  readonly #boxes: Readonly<Record<NodeId, Namespace>>;
  readonly #running: Readonly<Record<NodeId, Set<ChildProcess>>> = { a: new Set(), b: new Set() };
  readonly #beside = new WeakSet<ChildProcess>();
  /** What else a box without power does not do any more. */
  onCut: () => void = () => {};

  private constructor(
    rack: Namespace,
    client: Namespace,
    server: Namespace,
    boxes: Readonly<Record<NodeId, Namespace>>,
  ) {
    this.#rack = rack;
    this.#client = client;
    this.#server = server;
    this.#boxes = boxes;
  }

  /** All of it up, and the real server at work. */
  static async create(): Promise<Spaces> {
    const rack = await Namespace.create('rack');
    for (const side of SIDES) rack.run(`ip link add ${BRIDGES[side]} type bridge; ip link set ${BRIDGES[side]} up`);
    const plug = (name: string, side: Side, into: Namespace, device: string, address = '') => {
      const hardware = address === '' ? '' : `address ${address}`;
      rack.run(`ip link add ${name} type veth peer name ${device} ${hardware} netns ${into.pid}`);
      rack.run(`ip link set ${name} master ${BRIDGES[side]} up`);
      into.run(`ip link set ${device} up`);
    };
    const client = await Namespace.create('client');
    plug('client', 'public', client, 'eth0');
    client.run(`ip address add ${CLIENT_ADDRESS}/24 dev eth0`);
    const server = await Namespace.create('server');
    plug('server', 'private', server, 'eth0');
    server.run(`ip address add ${SERVER_ADDRESS}/24 dev eth0; ip route add default via ${PRIVATE_FLOAT}`);
    const boxes: Partial<Record<NodeId, Namespace>> = {};
    for (const node of NODES) {
      const box = await Namespace.create(node);
      for (const side of SIDES) {
        plug(port(node, side), side, box, DEVICES[side], mac(node, side));
        box.run(`ip address add ${NETS[side]}.${HOSTS[node]}/24 dev ${DEVICES[side]}`);
      }
      box.run(SYSCTLS);
      box.run(TRANSLATION);
      boxes[node] = box;
    }
    const spaces = new Spaces(rack, client, server, boxes as Record<NodeId, Namespace>);
    const serving = server.spawn(withUs(SERVE));
    spaces.#serving = serving;
    serving.stderr?.pipe(process.stderr);
    await Promise.race([
      once(serving.stdout!, 'data'),
      once(serving, 'close').then(() => {
        throw new TandemError('io', 'the real server ended');
      }),
    ]);
    return spaces;
  }

  spawnIn(where: string, argv: readonly string[]): ChildProcess {
    return (where === 'client' ? this.#client : this.#rack).spawn(argv);
  }

  /**
   * A program of that box: it ends with the box's power, with `clear`, and with this process.
   * @param beside it is none of what makes the box a router: `kill` and `processorMs` leave it out.
   */
  start(node: NodeId, argv: readonly string[], beside = false): ChildProcess {
    const child = this.#boxes[node].spawn(withUs(argv));
    this.#running[node].add(child);
    if (beside) this.#beside.add(child);
    child.once('close', () => this.#running[node].delete(child));
    child.stdin?.on('error', () => {});
    return child;
  }

  /** Runs a command in the box. @returns what it prints. @throws when it fails. */
  run(node: NodeId, command: string): string {
    return this.#boxes[node].run(command);
  }

  box(node: NodeId) {
    return {
      /** Its cables are dead at one moment, and nothing runs in it any more. */
      cut: async (): Promise<void> => {
        this.onCut();
        // Not by its carriers: what has no power cannot see them go, and tell its twin in its last milliseconds.
        const links = SIDES.map((side) => `link set ${port(node, side)} nomaster`);
        this.#rack.run(`ip -batch - <<'END'\n${links.join('\n')}\nEND`);
        await this.#end(node);
      },
      nic: async (nic: string, up: boolean): Promise<void> => {
        const side = SIDES.find((one) => one === nic);
        if (side === undefined) throw new TandemError('refused', `a namespace has no NIC "${nic}", only ${SIDES}`);
        this.#rack.run(`ip link set ${port(node, side)} ${up ? 'up' : 'down'}`);
      },
    };
  }

  /** Both boxes with nothing running in them, whole cables and no floats, and nobody who remembers them. */
  async clear(): Promise<void> {
    await Promise.all(NODES.map((node) => this.#end(node)));
    for (const node of NODES) {
      this.#rack.run(SIDES.map((side) => `ip link set ${port(node, side)} master ${BRIDGES[side]} up`).join('; '));
      this.#boxes[node].run(NO_FLOATS);
    }
    for (const space of [this.#client, this.#server]) space.run('ip neighbour flush all');
  }

  /** Signals what `start` began there: SIGKILL all of it, another signal its first process. */
  kill(node: NodeId, signal: NodeJS.Signals = 'SIGKILL'): void {
    for (const pid of this.#router(node)) {
      for (const one of signal === 'SIGKILL' ? [pid, ...childrenOf(pid)] : [pid]) process.kill(one, signal);
    }
  }

  /** Processor time of what makes the box a router, ms, since it began. */
  processorMs(node: NodeId): number {
    return this.#router(node).reduce((sum, pid) => sum + processorMs(pid), 0);
  }

  #router(node: NodeId): number[] {
    return [...this.#running[node]].flatMap((child) => (this.#beside.has(child) ? [] : (child.pid ?? [])));
  }

  async #end(node: NodeId): Promise<void> {
    const ending = [...this.#running[node]].map((child) => once(child, 'close'));
    for (const child of this.#running[node]) if (this.#beside.has(child)) child.kill('SIGKILL');
    this.kill(node);
    await Promise.all(ending);
  }

  /** Every start is a fresh one. */
  async reinstall(): Promise<void> {}

  async warm(): Promise<void> {}

  async close(): Promise<void> {
    await Promise.all(NODES.map((node) => this.#end(node)));
    this.#serving?.kill('SIGKILL');
    for (const space of [this.#server, this.#client, ...NODES.map((node) => this.#boxes[node]), this.#rack]) {
      await space.close();
    }
  }
}
