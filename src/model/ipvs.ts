/** The kernel's IPVS table in words (linux/ip_vs.h). Names are ipvsadm's. */

export type Protocol = 'tcp' | 'udp' | 'sctp';
export type Forwarding = 'masquerade' | 'direct' | 'tunnel';

export interface ServiceKey {
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
  /**
   * 1 to 4294967295: selected by the firewall mark of its packets. Of the other fields only the address's family counts then;
   * `markedKey` says them.
   */
  readonly fwmark?: number;
}

/** The key of a service by firewall mark. */
export const markedKey = (fwmark: number, family: 4 | 6): ServiceKey => ({
  protocol: 'tcp',
  address: family === 4 ? '0.0.0.0' : '::',
  port: 0,
  fwmark,
});

export interface Service extends ServiceKey {
  /** Kernel module name without `ip_vs_`: rr, wrr, lc, wlc, lblc, lblcr, dh, sh, mh, sed, nq, fo, ovf, twos. */
  readonly scheduler: string;
  /** Scheduler flags 1 to 3 of ipvsadm (`flag-1` = sh-fallback/mh-fallback, `flag-2` = sh-port/mh-port). */
  readonly schedulerFlags: readonly ('flag-1' | 'flag-2' | 'flag-3')[];
  /** Persistence in seconds; 0 = none. */
  readonly persistence: number;
  /** One-packet scheduling (UDP). */
  readonly onePacket: boolean;
  /** Clients that persistence takes for one: a dotted netmask, for IPv6 a prefix length. Absent: each address by itself. */
  readonly netmask?: string;
  /** Persistence engine (pe_name): clients are told apart by SIP's Call-ID instead of their address. */
  readonly engine?: 'sip';
}

export interface DestinationKey {
  readonly address: string;
  readonly port: number;
}

export interface Destination extends DestinationKey {
  readonly forwarding: Forwarding;
  /** 0 = quiesced: keeps its connections, gets no new ones. At most 2^31-1. */
  readonly weight: number;
  /** 0 = no threshold. */
  readonly upper: number;
  readonly lower: number;
  /** How a tunnel wraps its packets; absent: IPIP. */
  readonly tunnel?: Tunnel;
}

/** What GUE and GRE say of the outer packet's checksum: none, one, or one that the receiver works out (GUE alone). */
export type TunnelChecksum = 'none' | 'csum' | 'remcsum';

export type Tunnel =
  | { readonly type: 'gue' /** 1 to 65535. */; readonly port: number; readonly checksum: TunnelChecksum }
  | { readonly type: 'gre'; readonly checksum: 'none' | 'csum' };

/** The kernel brings them up to date every 2 s. */
export interface Counters {
  readonly connections: number;
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface ObservedDestination extends Destination {
  readonly active: number;
  readonly inactive: number;
  readonly persistent: number;
  readonly counters: Counters;
}

export interface ObservedService extends Service {
  readonly destinations: readonly ObservedDestination[];
  readonly counters: Counters;
}

export interface SyncDaemon {
  readonly role: 'master' | 'backup';
  readonly device: string;
  /** 0 to 255; daemons of one pair share it. */
  readonly syncId: number;
}

/** Seconds; 0 leaves the kernel's value. */
export interface Timeouts {
  readonly tcp: number;
  readonly tcpFin: number;
  readonly udp: number;
}

export interface IpvsState {
  readonly services: readonly ObservedService[];
  readonly daemons: readonly SyncDaemon[];
  readonly timeouts: Timeouts;
}

/** One kernel change, as plain data, so that a plan can be printed before it is run. */
export type IpvsStep =
  | { readonly op: 'add-service' | 'edit-service'; readonly service: Service }
  | { readonly op: 'delete-service'; readonly service: ServiceKey }
  | {
      readonly op: 'add-destination' | 'edit-destination';
      readonly service: ServiceKey;
      readonly destination: Destination;
    }
  | { readonly op: 'delete-destination'; readonly service: ServiceKey; readonly destination: DestinationKey }
  | { readonly op: 'start-daemon'; readonly daemon: SyncDaemon }
  | { readonly op: 'stop-daemon'; readonly daemon: SyncDaemon }
  | { readonly op: 'set-timeouts'; readonly timeouts: Timeouts };

/** What the kernel said to one step. */
export interface StepFailure {
  readonly step: IpvsStep;
  /** errno name, e.g. `EEXIST`. */
  readonly errno: string;
  /** Extended-ack text or the errno's meaning. */
  readonly text: string;
}
