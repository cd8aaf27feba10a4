import type { Protocol } from './ipvs.ts';

/** What the box lets through beside balancing: its own firewall on the public side, and servers that reach out. */

/** Packets to, or from, one address and a range of ports. */
export interface Listening {
  readonly protocol: Protocol;
  readonly address: string;
  /** 1 to 65535, the last not below the first. */
  readonly first: number;
  readonly last: number;
}

/** Who may reach the box itself beside its services. */
export interface Allowed {
  readonly protocol: 'tcp' | 'udp';
  /** As nft(8) has them: `22`, `8000-8100`. */
  readonly ports: readonly string[];
  /** Networks of one family. */
  readonly from: readonly string[];
}

export interface Guard {
  /** NICs of the public side. */
  readonly devices: readonly string[];
  /** What the virtual services listen on. */
  readonly served: readonly Listening[];
  /** What the real servers answer from. */
  readonly servers: readonly Listening[];
  /** undefined = everything may come in. */
  readonly firewall:
    | {
        readonly allow: readonly Allowed[];
        /** Firewall marks of services that go by a person's own rules. */
        readonly marks: readonly number[];
        /** The twin's beats over the public NIC: its address, and the port; undefined = none come that way. */
        readonly beats: { readonly from: string; readonly port: number } | undefined;
      }
    | undefined;
  /** undefined = real servers reach nobody outside by this box's address. */
  readonly outbound:
    | {
        /** Networks of one family, and the public float's address of that family. */
        readonly ways: readonly { readonly from: readonly string[]; readonly to: string }[];
        /** Ports of the public float that they leave by, like `61000-65535`. */
        readonly ports: string;
      }
    | undefined;
}

/** What a chain of the firewall has dropped since the table came into the kernel: for this box, or to be routed. */
export interface Dropped {
  readonly chain: 'input' | 'forward';
  readonly packets: number;
  readonly bytes: number;
}

/** The table in two spellings. */
export interface GuardTable {
  /** As nft(8) takes it. */
  readonly text: string;
  /** As it is compared (codec/nft/guard.ts). */
  readonly normal: string;
}
