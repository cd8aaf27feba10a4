/** Every kernel knob this box turns, with the reason. The order of the table is the order of writing. */
export interface SysctlEntry {
  /** Dotted name; `<nic>` stands for each of the box's two NICs. */
  readonly name: string;
  /** As the kernel prints it, blanks counting as one space. */
  readonly value: string;
  readonly reason: string;
  /** Written again whenever this other entry had to be written, whatever was read: the kernel resets it then. */
  readonly after?: string;
}

const FORWARD = 'net.ipv4.ip_forward';

export const sysctlTable: readonly SysctlEntry[] = [
  {
    name: FORWARD,
    value: '1',
    reason: 'a real server answers to the client, so its packets cross from the private NIC to the public one',
  },
  {
    name: 'net.ipv4.conf.<nic>.forwarding',
    value: '1',
    reason: 'ip_forward is only the default of each NIC; one of them switched off would lose every reply',
    after: FORWARD,
  },
  {
    name: 'net.ipv4.conf.all.send_redirects',
    value: '0',
    reason: 'a redirect would tell a real server to answer the client directly, past the masquerade',
    after: FORWARD,
  },
  {
    name: 'net.ipv4.conf.default.send_redirects',
    value: '0',
    reason: 'a NIC that appears later inherits it; the kernel joins `all` and the NIC by OR',
    after: FORWARD,
  },
  {
    name: 'net.ipv4.conf.<nic>.send_redirects',
    value: '0',
    reason: 'the kernel joins `all` and the NIC by OR, so each must be off',
    after: FORWARD,
  },
  {
    name: 'net.ipv4.conf.all.accept_redirects',
    value: '0',
    reason: 'a router goes by its own routes; both boxes must go by the same',
    after: FORWARD,
  },
  {
    name: 'net.ipv4.conf.<nic>.accept_redirects',
    value: '0',
    reason: 'a router goes by its own routes; both boxes must go by the same',
    after: FORWARD,
  },
  {
    name: 'net.ipv4.ip_early_demux',
    value: '0',
    reason: 'looks for a socket of this box before it looks for a route: of what a router forwards, none has one',
  },
  {
    name: 'net.ipv4.conf.<nic>.rp_filter',
    value: '0',
    reason:
      'strict drops clients whose best route back leaves by another NIC; loose lets in what a default route covers, which is everything, and costs each packet a lookup; our own addresses as a source are refused even so',
  },
  {
    name: 'net.ipv4.conf.<nic>.arp_ignore',
    value: '1',
    reason:
      'answers for an address only on the NIC that has it: a float heard on the other side would be a false owner',
  },
  {
    name: 'net.ipv4.conf.<nic>.arp_announce',
    value: '2',
    reason: 'asks with the address of the asked subnet, never with one of the other side',
  },
  {
    name: 'net.ipv4.conf.<nic>.arp_notify',
    value: '1',
    reason: 'a NIC that comes back tells the switch and the neighbours at once where this box is',
  },
  {
    name: 'net.ipv4.conf.<nic>.promote_secondaries',
    value: '1',
    reason: 'float and own address share a subnet: dropping the one that came first must not take the other with it',
  },
  {
    name: 'net.ipv4.vs.conntrack',
    value: '0',
    reason: 'masquerading keeps its own connection table; netfilter following along halves the packet rate',
  },
  {
    name: 'net.ipv4.vs.snat_reroute',
    value: '0',
    reason:
      'a masqueraded reply keeps the route it was forwarded by; a second lookup differs only under policy routing',
  },
  {
    name: 'net.ipv4.vs.conn_reuse_mode',
    value: '1',
    reason: 'a client that reuses a port is scheduled afresh: otherwise it stays on a server that is drained or dead',
  },
  {
    name: 'net.ipv4.vs.expire_nodest_conn',
    value: '1',
    reason: 'the connections of a deleted server move on with their next packet: UDP clients never end theirs',
  },
  {
    name: 'net.ipv4.vs.expire_quiescent_template',
    value: '1',
    reason:
      'persistence does not hold a client to a server whose weight is 0: a failed one would answer it nothing, a drained one would never be empty, and a sorry server would keep it',
  },
  {
    name: 'net.ipv4.vs.sync_threshold',
    value: '0 1',
    reason: 'every packet may tell the twin of its connection, from the first on; sync_refresh_period keeps that rare',
  },
  {
    name: 'net.ipv4.vs.sync_refresh_period',
    value: '10',
    reason: 'seconds between two reports of one unchanged connection: the twin keeps it alive, the link stays idle',
  },
  {
    name: 'net.ipv4.vs.sync_retries',
    value: '1',
    reason: 'the reports are multicast without receipt: a second one an eighth of the period later covers a lost one',
  },
  {
    name: 'net.ipv4.vs.sloppy_tcp',
    value: '1',
    reason:
      'a connection the twin never got to report is scheduled mid-stream: a hashing scheduler finds its server again, any other ends it with a clean reset',
  },
];

const FORWARD6 = 'net.ipv6.conf.all.forwarding';

/** Beside the other, on a box whose document has IPv6 addresses. */
export const sysctlTable6: readonly SysctlEntry[] = [
  {
    name: FORWARD6,
    value: '1',
    reason: 'a real server answers to the client over IPv6 too, so its packets cross from one NIC to the other',
  },
  {
    name: 'net.ipv6.conf.<nic>.forwarding',
    value: '1',
    reason: 'decides what the NIC’s advertisements say: without the router flag, hosts drop this box as their router',
    after: FORWARD6,
  },
  {
    name: 'net.ipv6.conf.<nic>.accept_ra',
    value: '0',
    reason: 'another router’s advertisement must not give this box addresses or routes that the twin lacks',
    after: FORWARD6,
  },
  {
    name: 'net.ipv6.conf.<nic>.accept_redirects',
    value: '0',
    reason: 'a router goes by its own routes; both boxes must go by the same',
    after: FORWARD6,
  },
  {
    name: 'net.ipv6.conf.<nic>.accept_dad',
    value: '0',
    reason: 'a NIC that comes back serves at once; the pair proves in its own way that nobody else has the floats',
  },
  {
    name: 'net.ipv6.conf.<nic>.ndisc_notify',
    value: '1',
    reason: 'a NIC that comes back tells the neighbours at once where this box is',
  },
];
