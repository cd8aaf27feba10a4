/** What can be amiss around a pair although it serves: the words that `tandem lint`, the alarms and the web console share. */

interface Kind {
  /** Whether it is worth waking somebody; the others are told by `tandem lint`, and counted in the status. */
  readonly alarm: boolean;
  /** Why it hurts, one sentence. */
  readonly why: string;
  /** What to do about it, one line. */
  readonly remedy: string;
}

/** In the order in which a person should look at them. Grows with the product; a code is never renamed. */
export const LINT = {
  'cables-swapped': {
    alarm: true,
    why: 'both sides work on the wrong wire: the floats are announced where nobody asks for them, and a takeover serves nobody',
    remedy: 'swap the two cables of this router, or the devices in /etc/tandem/node.yaml',
  },
  'address-duplicate': {
    alarm: true,
    why: 'neighbours send what is meant for this router to the other machine, now and then: checks, beats and the consoles break off',
    remedy: 'find the machine with this MAC address and take the address away from it, or give this router another one',
  },
  'mtu-differs': {
    alarm: true,
    why: 'large packets that one router passes on are lost or cut up by the other: connections hang after a failover',
    remedy: 'give both routers’ NICs of this side, and the switch, the same MTU',
  },
  'nic-half-duplex': {
    alarm: true,
    why: 'what one end sends collides with what the other sends: large transfers crawl while pings look well',
    remedy:
      'let both the NIC and the switch port negotiate by themselves, or set both to full duplex; change the cable',
  },
  'nic-slow': {
    alarm: true,
    why: 'all traffic goes through this NIC when this router serves: it has a fraction of what the twin’s has',
    remedy: 'change the cable (one of its pairs may be broken) and see what the switch port is set to',
  },
  'nic-flaps': {
    alarm: true,
    why: 'each change of the carrier costs the packets of that moment, and may move the floats',
    remedy: 'change the cable, then the switch port, then the NIC',
  },
  'nic-errors': {
    alarm: true,
    why: 'damaged and missed packets are sent again by clients and servers: everything is slow, nothing is down',
    remedy: 'bad checksums: change the cable; missed packets: give the NIC a larger receive ring (`ethtool -G`)',
  },
  'server-misplaced': {
    alarm: false,
    why: 'packets for this server go to another machine first, or to the wrong wire, and its answers may pass this router by',
    remedy: 'see where the server is plugged in, and switch off proxy ARP on the gateway',
  },
  'sides-share-wire': {
    alarm: false,
    why: 'whoever is on the public side reaches the real servers past this router and its firewall',
    remedy: 'give each side a switch, or a VLAN, of its own',
  },
  'route-asymmetric': {
    alarm: false,
    why: 'packets leave by one NIC and their answers come back by the other: what filters on the way drops them',
    remedy: 'correct the route on this router: `ip route`',
  },
  'rp-filter-strict': {
    alarm: false,
    why: 'the kernel takes the greater of `all` and the NIC’s own: packets whose way back is another NIC are dropped without a word',
    remedy:
      'find what sets it (`grep -r rp_filter /etc/sysctl.d /usr/lib/sysctl.d`) and set net.ipv4.conf.all.rp_filter to 0',
  },
  'hairpin-clients': {
    alarm: false,
    why: 'the server that is chosen answers its neighbour directly and not through this router: the caller does not know that answer, and waits in vain',
    remedy:
      'let this server call the others by their own addresses, or route its own network through the private float (`ip route replace NETWORK via FLOAT`)',
  },
  'clients-beside-servers': {
    alarm: false,
    why: 'the servers answer neighbours directly and not through this router: such clients wait in vain, while all others are served',
    remedy:
      'move the clients to another network, or route that network through the private float on the real servers, or let these servers use direct routing',
  },
  'servers-shared': {
    alarm: false,
    why: 'masquerading keeps the client’s port: a client that comes through both services from one port of its own makes one connection of two there, and one is reset',
    remedy: 'give each service a port, or an address, of its own on the server, or let the server use direct routing',
  },
  'mtu-tunnel': {
    alarm: false,
    why: 'a full packet does not fit with the tunnel’s header: clients behind a filter that drops ICMP hang on large requests',
    remedy:
      'raise the MTU towards the servers by the header’s bytes, or lower the clients’ segment size on the servers (advmss)',
  },
  'mtu-sides': {
    alarm: false,
    why: 'the larger side’s full packets are cut up here or sent again smaller: it works, and costs both',
    remedy: 'give both sides one MTU, or leave it where the servers need large packets among themselves',
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type LintCode = keyof typeof LINT;

/** Those that raise an alarm under the same code. */
export type LintAlarm = { [Code in LintCode]: (typeof LINT)[Code]['alarm'] extends true ? Code : never }[LintCode];

export const LINT_CODES = Object.keys(LINT) as LintCode[];

export const isLintAlarm = (code: LintCode): code is LintAlarm => LINT[code].alarm;

export interface Finding {
  readonly code: LintCode;
  /** What it concerns: an address, a device, a side, a service or server. */
  readonly subject: string;
  /** What was found, with its value; one sentence without its full stop. */
  readonly text: string;
}

/** A finding as it is told. */
export interface ToldFinding extends Finding {
  readonly alarm: boolean;
  readonly why: string;
  readonly remedy: string;
}

export const told = (finding: Finding): ToldFinding => ({ ...finding, ...LINT[finding.code] });

/** In the order of the table; findings of one code in theirs. */
export const inOrder = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted((one, other) => LINT_CODES.indexOf(one.code) - LINT_CODES.indexOf(other.code));

/** `s1, s2, s3 and 4 more` */
export function someOf(names: readonly string[], most = 3): string {
  const rest = names.length - most;
  return `${names.slice(0, most).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
