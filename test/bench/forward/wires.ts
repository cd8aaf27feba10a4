import { enterNamespace, sh } from '../../kernel/netns.ts';
import { holdFloats } from '../../kernel/segments.ts';

/** Namespaces on either side of the router, which is this process's own. */
export const CLIENT = 'fwd-client';
export const SERVERS = 'fwd-servers';

export const VIP = '198.51.100.10';
/** Of the client on the public side; the gateway of whoever it speaks for. */
export const GATEWAY = '198.51.100.1';
export const FIRST_SERVER = '192.0.2.11';
/** What the servers answer to on the wire that goes past the router. */
export const PAST = '10.9.9.2';

/** Of the datagrams: at the VIP, and at the real server. */
export const UDP_PORT = 7000;
export const UDP_SERVER_PORT = 7007;

/** Ends here what the generators send: counted, then dropped before any socket is looked for. */
const sink = (space: string, rule: string): string => `
  ip netns exec ${space} nft -f - <<'END'
  table netdev sink {
    counter arrived {}
    ${['eth0', 'past'].map((nic) => `chain ${nic} { type filter hook ingress device ${nic} priority 0; ${rule} counter name arrived drop; }`).join('\n')}
  }
END
`;

/**
 * A router anew: eth0 to a client that is also the gateway, eth1 to one namespace with three real servers' addresses, and a
 * wire from the client to the servers past the router. The floats are held as the lane would hold them; nothing else is set.
 */
export function buildWires(): void {
  removeWires();
  enterNamespace();
  sh(`
    for space in ${CLIENT} ${SERVERS}; do ip netns add $space; ip -n $space link set lo up; done
    ip link add eth0 type veth peer name eth0 netns ${CLIENT}
    ip link add eth1 type veth peer name eth0 netns ${SERVERS}
    ip -n ${CLIENT} link add past type veth peer name past netns ${SERVERS}
    ip addr add 198.51.100.2/24 dev eth0; ip addr add 192.0.2.2/24 dev eth1; ip link set eth0 up; ip link set eth1 up
    ip route add default via ${GATEWAY}
    ip -n ${CLIENT} addr add ${GATEWAY}/24 dev eth0; ip -n ${CLIENT} addr add 10.9.9.1/30 dev past
    ip -n ${CLIENT} link set eth0 up; ip -n ${CLIENT} link set past up
    ip -n ${CLIENT} route add 192.0.2.0/24 via ${VIP}
    for last in 11 12 13; do ip -n ${SERVERS} addr add 192.0.2.$last/24 dev eth0; done
    ip -n ${SERVERS} addr add ${PAST}/30 dev past
    ip -n ${SERVERS} link set eth0 up; ip -n ${SERVERS} link set past up
    ip -n ${SERVERS} route add default via 192.0.2.1
    ${sink(SERVERS, `udp dport ${UDP_SERVER_PORT}`)}
    ${sink(CLIENT, `udp sport { ${UDP_PORT}, ${UDP_SERVER_PORT} }`)}
  `);
  holdFloats();
  // Both neighbours are known before the first packet counts.
  sh(`ping -qc 1 -W 5 ${GATEWAY}; ping -qc 1 -W 5 ${FIRST_SERVER}`);
}

export function removeWires(): void {
  for (const space of [CLIENT, SERVERS]) sh(`ip netns del ${space} 2>/dev/null || true`);
}

/** Datagrams that came to an end in a namespace since its sink was asked last. */
export function arrived(space: string): number {
  const text = sh(`ip netns exec ${space} nft reset counter netdev sink arrived`);
  return Number(/packets (\d+)/.exec(text)?.[1] ?? Number.NaN);
}
