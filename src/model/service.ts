import * as z from 'zod';
import { choice, ip, type Meta, netmask, portRange, whole } from './fields.ts';
import { fnv } from './fnv.ts';
import { markedKey, type ServiceKey } from './ipvs.ts';
import { parseIp } from './net.ts';

/** The knobs of virtual services and real servers beyond the common ones, under ipvsadm(8)'s and keepalived's names. */

export const PROTOCOLS = ['tcp', 'udp', 'sctp'] as const;
export const SCHEDULER_FLAGS = ['sh-fallback', 'sh-port', 'mh-fallback', 'mh-port'] as const;
export type SchedulerFlag = (typeof SCHEDULER_FLAGS)[number];

/** What one service listens on at most: every pair of an address and a port range is an element of the kernel's map. */
export const LISTEN_LIMITS = { addresses: 64, ports: 64 } as const;

/**
 * Firewall marks that are given out here: `tandem`’s first letter in the top byte, 24 bits of the service's name below. Marks
 * of a person's own rules are all the others.
 */
export const MARKS = { first: 0x5400_0000, last: 0x54ff_ffff } as const;

const listed = <T extends z.ZodType>(what: string, most: number, entry: T, meta: Meta) =>
  z
    .array(entry, { error: `give a list of ${what}` })
    .min(1, { error: `give at least one of the ${what}, or leave this field out` })
    .max(most, { error: `give at most ${most} ${what}` })
    .meta(meta);

export const serviceKnobs = {
  addresses: listed('addresses', LISTEN_LIMITS.addresses, ip({ title: 'VIP', help: 'one that clients use' }), {
    title: 'VIPs',
    help: 'several, instead of address: one service with one persistence for all of them; they are of one family',
  }).optional(),
  ports: listed(
    'ports and port ranges',
    LISTEN_LIMITS.ports,
    portRange({
      title: 'port or range',
      help: 'one that clients use, or the first and last of a range, like "8000-8100"',
    }),
    {
      title: 'ports',
      help:
        'several, instead of port, like [80, 443, "8000-8100"]: one service, so that HTTP and HTTPS share persistence. ' +
        'Their packets get a firewall mark made of the service’s name, 1409286144 to 1426063359. FTP with passive ' +
        'data connections: [21, "50000-50999"] with persistence_s, the servers told to use that range and to name the VIP ' +
        '(the helper ip_vs_ftp would need connection tracking, which is off because it halves the packet rate)',
    },
  ).optional(),
  fwmark: whole(1, 0xffff_ffff, {
    title: 'firewall mark',
    help:
      'instead of addresses and ports: packets that rules of your own have marked with it (nft: meta mark set). ' +
      'Not 1409286144 to 1426063359, which are given to services with several addresses or ports',
  }).optional(),
  family: choice(['ipv4', 'ipv6'], {
    title: 'family',
    help: 'of the packets with the firewall mark; ipv4 unless told. Only with fwmark',
  }).optional(),
  scheduler_flags: listed(
    'scheduler flags',
    SCHEDULER_FLAGS.length,
    choice(SCHEDULER_FLAGS, {
      title: 'scheduler flag',
      help:
        'sh-fallback, mh-fallback: a client whose server is unavailable goes to another. sh-port, mh-port: the ' +
        'client’s port counts too, not its address alone',
    }),
    { title: 'scheduler flags', help: 'of the schedulers sh and mh (ipvsadm(8), --sched-flags)' },
  ).optional(),
  persistence_netmask: netmask({
    title: 'persistence netmask',
    help: 'clients that persistence takes for one: a netmask like 255.255.255.0, for IPv6 a prefix length like 64',
  }).optional(),
  persistence_engine: choice(['sip'], {
    title: 'persistence engine',
    help: 'sip: calls stay with their server by SIP’s Call-ID (pe_name). UDP only, and with persistence_s',
  }).optional(),
} as const;

// Without defaults, as all knobs here: documents that say nothing of them keep their digest from release to release.
export const serverKnobs = {
  u_threshold: whole(0, 2_147_483_647, {
    title: 'upper threshold',
    unit: 'connections',
    help: 'no new connections from here on, until fewer than the lower threshold are left; 0 = no limit',
  }).optional(),
  l_threshold: whole(0, 2_147_483_647, {
    title: 'lower threshold',
    unit: 'connections',
    help: 'below it an overloaded server gets new connections again; 0 = three quarters of the upper threshold',
  }).optional(),
  tun_type: choice(['ipip', 'gue', 'gre'], {
    title: 'tunnel type',
    help: 'how tunnel forwarding wraps the packets: ipip unless told. Only with forwarding: tunnel',
  }).optional(),
  tun_port: whole(1, 65_535, {
    title: 'tunnel port',
    help: 'UDP port of the server’s GUE tunnel (6080 is usual). Needed with tun_type: gue, and only then',
  }).optional(),
  tun_csum: choice(['none', 'csum', 'remcsum'], {
    title: 'tunnel checksum',
    help: 'of the outer packet: none unless told; csum; remcsum, which the receiver works out (gue only)',
  }).optional(),
} as const;

const timeout = (title: string, standard: number, help: string) =>
  whole(1, 2_592_000, { title, unit: 's', help }).default(standard);

/** ipvsadm(8), --set; the defaults are the kernel's (ip_vs_proto_tcp.c, ip_vs_proto_udp.c). */
export const timeoutsSchema = z
  .strictObject({
    tcp_s: timeout('tcp', 900, 'an idle TCP connection is forgotten'),
    tcpfin_s: timeout('tcpfin', 120, 'a TCP connection is forgotten after the client’s FIN'),
    udp_s: timeout('udp', 300, 'an idle UDP flow is forgotten'),
  })
  .meta({ title: 'timeouts', help: 'of the connections of all services; the kernel’s own unless told' });

export type Timing = z.output<typeof timeoutsSchema>;

/** A port, or the first and last of a range. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** @param written as `portRange` has accepted it */
export function rangeOf(written: number | string): PortRange {
  const [first = 0, last = first] = String(written).split('-').map(Number);
  return { first, last };
}

/** The mark of a service by its name alone, so that it stays over reloads and is the same on both boxes (24 bits). */
export function markOf(name: string): number {
  const hash = fnv(name);
  return MARKS.first + (((hash >>> 24) ^ hash) & 0xff_ffff);
}

export const familyOf = (address: string): 4 | 6 => (parseIp(address)?.family === 6 ? 6 : 4);

/** What a service says of itself to the kernel; `fillService` makes it. */
export interface Listening {
  readonly protocol: (typeof PROTOCOLS)[number];
  /** The first one; `0.0.0.0` or `::` for a mark of a person's own. */
  readonly address: string;
  /** 0 when the service goes by a mark. */
  readonly port: number;
  readonly mark?: number | undefined;
}

/** The kernel's key of a service of the document. */
export const kernelKey = ({ protocol, address, port, mark }: Listening): ServiceKey =>
  mark === undefined ? { protocol, address, port } : markedKey(mark, familyOf(address));

/** Where clients find a service, as ipvsadm(8) writes it: `198.51.100.10:80`, or `198.51.100.10:80,443 mark 1409286155`. */
export function listeningText(service: Listening & ListensOn): string {
  const host = (address: string): string => (address.includes(':') ? `[${address}]` : address);
  if (service.mark === undefined) return `${host(service.address)}:${service.port}`;
  const ports = (service.ports ?? []).join(',');
  if (service.fwmark !== undefined) return `mark ${service.mark}${service.address.includes(':') ? ' IPv6' : ''}`;
  const addresses = (service.addresses ?? [service.address]).map(host).join(',');
  return `${addresses}:${ports} mark ${service.mark}`;
}

export interface ListensOn {
  readonly addresses?: readonly string[] | undefined;
  readonly ports?: readonly (number | string)[] | undefined;
  readonly fwmark?: number | undefined;
}
