import { closeSync, openSync } from 'node:fs';
import koffi from 'koffi';
import { sh } from './netns.ts';

const CLONE_NEWNET = 0x4000_0000;
const setns = koffi.load('libc.so.6').func('int setns(int, int)') as (fd: number, type: number) => number;

/** Turns of the event loop that Node may take between a call and the socket it makes. */
const TICKS = 3;

/**
 * Runs `act` with this thread in the network namespace `name` (ip-netns(8)) and comes back a few ticks later: sockets made
 * meanwhile live there for good. Only one at a time; programs started meanwhile would run there too.
 */
export async function within<T>(name: string, act: () => T): Promise<T> {
  const home = openSync('/proc/self/ns/net', 'r');
  const there = openSync(`/run/netns/${name}`, 'r');
  const enter = (fd: number): void => {
    if (setns(fd, CLONE_NEWNET) !== 0) throw new Error(`setns into ${name}: errno ${koffi.errno()}`);
  };
  try {
    enter(there);
    const made = act();
    for (let tick = 0; tick < TICKS; tick += 1) await new Promise<void>((done) => process.nextTick(done));
    return made;
  } finally {
    enter(home);
    closeSync(there);
    closeSync(home);
  }
}

/**
 * The example rack around this process's namespace, which becomes router a: eth0 to a client that is also the gateway, eth1
 * to a LAN with three real servers. Namespaces are named `PREFIX-client`, `PREFIX-lan`, `PREFIX-s1` and so on.
 */
export function buildSegments(prefix: string): { readonly remove: () => void } {
  const spaces = ['client', 'lan', 's1', 's2', 's3'].map((name) => `${prefix}-${name}`);
  const remove = (): void => {
    for (const name of spaces) sh(`ip netns del ${name} 2>/dev/null || true`);
  };
  remove();
  for (const name of spaces) sh(`ip netns add ${name}; ip -n ${name} link set lo up`);
  sh(`
    ip link add eth0 type veth peer name eth0 netns ${prefix}-client
    ip -n ${prefix}-client addr add 198.51.100.1/24 dev eth0
    ip -n ${prefix}-client addr add 203.0.113.10/32 dev lo
    ip -n ${prefix}-client link set eth0 up
    ip link add eth1 type veth peer name uplink netns ${prefix}-lan
    ip -n ${prefix}-lan link add br0 type bridge
    ip -n ${prefix}-lan link set br0 up
    ip -n ${prefix}-lan link set uplink master br0 up
  `);
  for (const [index, last] of [11, 12, 13].entries()) {
    const name = `s${index + 1}`;
    sh(`
      ip -n ${prefix}-lan link add ${name} type veth peer name eth0 netns ${prefix}-${name}
      ip -n ${prefix}-lan link set ${name} master br0 up
      ip -n ${prefix}-${name} addr add 192.0.2.${last}/24 dev eth0
      ip -n ${prefix}-${name} link set eth0 up
      ip -n ${prefix}-${name} route add default via 192.0.2.1
    `);
  }
  return { remove };
}

/** The floats, as the pair lane would hold them. */
export function holdFloats(): void {
  sh('ip addr add 198.51.100.10/24 dev eth0 label eth0:1; ip addr add 192.0.2.1/24 dev eth1 label eth1:1');
}
