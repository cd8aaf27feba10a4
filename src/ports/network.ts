import type { Close } from './clock.ts';

/** The kernel's rtnetlink side. All calls are synchronous: the kernel answers a request before sendto(2) returns. */

/** An interface address as the kernel shows it (RTM_NEWADDR, rtnetlink(7)). */
export interface Address {
  readonly device: string;
  /** Dotted quad or RFC 5952 text. */
  readonly address: string;
  readonly prefix: number;
  /** IFA_LABEL, e.g. `eth0:1`; equals the device for a plain IPv4 address; empty for IPv6. */
  readonly label: string;
  /** Remaining valid lifetime in seconds; undefined = forever. */
  readonly validSeconds: number | undefined;
}

export type AddressStep =
  | { readonly op: 'set'; readonly address: Address }
  | { readonly op: 'delete'; readonly address: Address };

export interface Link {
  readonly index: number;
  readonly device: string;
  /** Colon-separated hex. */
  readonly mac: string;
  /** IFF_UP: switched on by the administrator. */
  readonly admin: boolean;
  /** IFF_LOWER_UP: there is a carrier. */
  readonly carrier: boolean;
  readonly mtu: number;
}

/** A unicast route of the main table. `destination` is CIDR; the default route is `0.0.0.0/0`. */
export interface Route {
  readonly destination: string;
  readonly gateway: string | undefined;
  readonly device: string;
}

export interface Network {
  addresses(): readonly Address[];
  links(): readonly Link[];
  routes(): readonly Route[];
  /**
   * All steps in one sendmsg. `set` adds or refreshes (NLM_F_REPLACE); deleting what is absent is no error.
   * @throws TandemError `kernel-refused` naming the step and the kernel's own text (extended ack).
   */
  changeAddresses(steps: readonly AddressStep[]): void;
  setUp(device: string): void;
  /** Adds or replaces. */
  setRoute(route: Route): void;
  /** Link and address notifications; `resync` = the kernel dropped some (ENOBUFS): look again at everything. */
  watch(onChange: (change: 'link' | 'address' | 'resync') => void): Close;
}

/** ARP over a packet socket on one device (RFC 826, RFC 5227). */
export interface Arp {
  /** Broadcasts one ARP probe (sender 0.0.0.0) for `address`. */
  probe(device: string, address: string): void;
  /** Broadcasts one gratuitous ARP request and one reply for `address` with the device's own MAC. */
  announce(device: string, address: string): void;
  /** Another machine's claim to an address: any ARP packet whose sender protocol address is `address`. */
  watch(device: string, onClaim: (claim: ArpClaim) => void): Close;
}

export interface ArpClaim {
  readonly device: string;
  readonly address: string;
  /** Sender hardware address; never our own. */
  readonly mac: string;
}
