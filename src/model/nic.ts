import * as z from 'zod';

/** What the kernel shows of a NIC beside its link (/sys/class/net, Documentation/ABI/testing/sysfs-class-net). */

export const nicFiguresSchema = z.object({
  /** Bytes of the largest packet. */
  mtu: z.number(),
  carrier: z.boolean(),
  /** Mbit/s; null = the driver does not say, or there is no carrier. */
  speed: z.number().nullable(),
  duplex: z.enum(['full', 'half']).nullable(),
  /** Ups and downs of the carrier since the device is there. */
  carrierChanges: z.number(),
  /** Since the device is there. */
  packets: z.number(),
  /** Packets that came damaged, or did not leave. */
  errors: z.number(),
  /** Of these, those with a bad checksum. */
  badChecksums: z.number(),
  /** Packets for which the NIC had no room. */
  missed: z.number(),
});

export type NicFigures = z.infer<typeof nicFiguresSchema>;

/** Who answers for an address on a device's wire. */
export interface Answerer {
  readonly device: string;
  readonly address: string;
  /** Colon-separated hex; never this box's own. */
  readonly mac: string;
}

/** Whether anybody has an address on a device's wire. */
export interface WireQuestion {
  readonly device: string;
  readonly address: string;
  /**
   * The own IPv4 address to ask from; undefined = nobody's, for an address that this box has itself. A probe for somebody
   * else's would keep him from taking his address if he starts at that moment (RFC 5227, section 2.1.1).
   */
  readonly from?: string;
}

/** One balanced connection, as the kernel lists it. */
export interface Balanced {
  readonly client: string;
  /** Of the service. */
  readonly address: string;
  readonly port: number;
  readonly server: string;
}
