import { json, sh } from '../../kernel/netns.ts';
import { arrived, CLIENT, FIRST_SERVER, SERVERS, UDP_PORT, UDP_SERVER_PORT, VIP } from './wires.ts';

/** Where datagrams take their way: through the router to the VIP, through it to a server's own address, or past it. */
export type Way = 'balanced' | 'routed' | 'past';

/** Clients' addresses that take turns, a prime, so that each meets every port. */
const CLIENTS = 61;
const FIRST_PORT = 10_001;

export interface Flood {
  readonly way: Way;
  /** Datagrams in each direction. */
  readonly count: number;
  /** Clients' ports that take turns: flows are 61 times as many. */
  readonly ports: number;
}

/** ns for each datagram of 60 bytes, of everything that one processor did meanwhile. */
export interface Cost {
  readonly toServers: number;
  readonly toClients: number;
}

/** Not out of /sys, which shows the namespace that it was mounted in. */
function mac(space: string | undefined, nic: string): string {
  const inside = space === undefined ? '' : `-n ${space} `;
  const [link] = json<readonly { readonly address: string }[]>(`ip ${inside}-j link show ${nic}`);
  return link!.address;
}

/** Lets the kernel's packet generator send from a namespace. @returns ns for each datagram */
function send(space: string, nic: string, count: number, words: readonly string[]): number {
  const lines = [`count ${count}`, 'pkt_size 60', 'delay 0', 'flag UDPCSUM', ...words];
  const text = sh(`ip netns exec ${space} sh -euc '
    cd /proc/net/pktgen
    echo rem_device_all >kpktgend_0; echo "add_device ${nic}" >kpktgend_0
    ${lines.map((line) => `echo "${line}" >${nic}`).join('; ')}
    echo start >pgctrl; cat ${nic}; echo rem_device_all >kpktgend_0'`);
  const took = /Result: OK: (\d+)\(/.exec(text)?.[1];
  if (took === undefined) throw new Error(`the packet generator failed:\n${text}`);
  return (Number(took) * 1000) / count;
}

const clients = (end: 'src' | 'dst'): string[] =>
  end === 'src'
    ? ['src_min 203.0.113.1', `src_max 203.0.113.${CLIENTS}`]
    : ['dst_min 203.0.113.1', `dst_max 203.0.113.${CLIENTS}`];

const ports = (end: 'src' | 'dst', first: number, count = 1): string[] => [
  `udp_${end}_min ${first}`,
  `udp_${end}_max ${first + count - 1}`,
];

/** Datagrams to the servers, then as many answers. @throws when any of them was lost. */
export function flood({ way, count, ports: many }: Flood): Cost {
  const nic = way === 'past' ? 'past' : 'eth0';
  const balanced = way === 'balanced';
  const to = balanced ? VIP : FIRST_SERVER;
  const whole = (space: string): void => {
    const came = arrived(space);
    if (came !== count) throw new Error(`${way}: ${came} of ${count} datagrams came to ${space}`);
  };
  arrived(SERVERS);
  const toServers = send(CLIENT, nic, count, [
    `dst_mac ${way === 'past' ? mac(SERVERS, 'past') : mac(undefined, 'eth0')}`,
    `dst ${to}`,
    ...clients('src'),
    ...ports('src', FIRST_PORT, many),
    ...ports('dst', balanced ? UDP_PORT : UDP_SERVER_PORT),
  ]);
  whole(SERVERS);
  arrived(CLIENT);
  const toClients = send(SERVERS, nic, count, [
    `dst_mac ${way === 'past' ? mac(CLIENT, 'past') : mac(undefined, 'eth1')}`,
    `src_min ${FIRST_SERVER}`,
    `src_max ${FIRST_SERVER}`,
    ...clients('dst'),
    ...ports('src', UDP_SERVER_PORT),
    ...ports('dst', FIRST_PORT, many),
  ]);
  whole(CLIENT);
  return { toServers, toClients };
}
