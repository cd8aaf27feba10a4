/** What the router is put through: datagrams of 60 bytes, requests with a connection each, answers of 1 MiB. */
export type Load = 'datagrams' | 'requests' | 'bulk';

/** What the kernel offers for speed, and how each is turned. All scripts run in the router's namespace, which Tandem has set up. */
export interface Knob {
  readonly name: string;
  /** As it is without us: the kernel's default, or Debian's. */
  readonly off: string;
  readonly on: string;
  /** Which of the two Tandem has; the router is left so. */
  readonly ours: 'off' | 'on';
  /** Loads beside datagrams, which each knob meets. */
  readonly loads?: readonly Load[];
  /** Of the document, beside the services. */
  readonly document?: 'guarded';
}

const GUARD = 'inet tandem-firewall';
const SAVED = '/tmp/tandem-bench-guard.nft';
const nics = (act: (nic: string) => string): string => ['eth0', 'eth1'].map(act).join('; ');
const sysctl = (name: string, off: string, on: string): Pick<Knob, 'off' | 'on'> => {
  const set = (value: string): string =>
    name.includes('<nic>')
      ? nics((nic) => `sysctl -qw ${name.replace('<nic>', nic)}='${value}'`)
      : `sysctl -qw ${name}='${value}'`;
  return { off: set(off), on: set(on) };
};

export const KNOBS: readonly Knob[] = [
  {
    name: 'balanced flows past connection tracking (notrack)',
    off: `nft list table ${GUARD} >${SAVED}; nft flush chain ${GUARD} raw`,
    on: `nft delete table ${GUARD}; nft -f ${SAVED}`,
    ours: 'on',
    loads: ['requests'],
    document: 'guarded',
  },
  {
    name: 'net.ipv4.ip_early_demux 1 → 0',
    ...sysctl('net.ipv4.ip_early_demux', '1', '0'),
    ours: 'on',
    loads: ['requests'],
  },
  { name: 'rp_filter 2 → 0', ...sysctl('net.ipv4.conf.<nic>.rp_filter', '2', '0'), ours: 'on' },
  { name: 'net.ipv4.vs.snat_reroute 1 → 0', ...sysctl('net.ipv4.vs.snat_reroute', '1', '0'), ours: 'on' },
  { name: 'net.ipv4.vs.run_estimation 1 → 0', ...sysctl('net.ipv4.vs.run_estimation', '1', '0'), ours: 'off' },
  { name: 'net.ipv4.vs.pmtu_disc 1 → 0', ...sysctl('net.ipv4.vs.pmtu_disc', '1', '0'), ours: 'off' },
  {
    name: 'net.ipv4.vs.conn_reuse_mode 1 → 0',
    ...sysctl('net.ipv4.vs.conn_reuse_mode', '1', '0'),
    ours: 'off',
    loads: ['requests'],
  },
  {
    name: 'connection sync to the twin: on → off',
    off: 'ipvsadm --start-daemon master --mcast-interface eth1 --syncid 51 2>/dev/null || true',
    on: 'ipvsadm --stop-daemon master',
    ours: 'off',
    loads: ['requests'],
  },
  {
    name: 'net.ipv4.vs.sync_threshold 3 50 → 0 1',
    ...sysctl('net.ipv4.vs.sync_threshold', '3 50', '0 1'),
    ours: 'on',
    loads: ['requests'],
  },
  {
    name: 'queueing discipline: fq_codel → none',
    off: nics((nic) => `tc qdisc replace dev ${nic} root fq_codel`),
    on: nics((nic) => `tc qdisc replace dev ${nic} root noqueue`),
    ours: 'on',
  },
  {
    name: 'GRO on both NICs: off → on',
    off: nics((nic) => `ethtool -K ${nic} gro off`),
    on: nics((nic) => `ethtool -K ${nic} gro on`),
    ours: 'off',
    loads: ['bulk'],
  },
];
