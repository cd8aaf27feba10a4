/** What the kernel shows of its links, addresses and routes, and of the neighbours' claims. */

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

/** A claim to an address, or a probe for one. */
export interface ArpClaim {
  readonly device: string;
  readonly address: string;
  /** Sender hardware address; never our own. */
  readonly mac: string;
}
