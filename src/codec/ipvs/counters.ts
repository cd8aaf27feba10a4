import type { Counters } from '../../model/ipvs.ts';
import type { Attributes } from '../netlink/attributes.ts';
import { STATS_ATTR } from './constants.ts';

const NONE: Counters = { connections: 0, packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0 };

/**
 * The nested 64-bit statistics; of kernels before 4.1 the older ones, whose connections and packets have 32 bits.
 * @throws TandemError `bad-frame`.
 */
export function decodeCounters(attributes: Attributes, stats64: number, stats: number): Counters {
  const wide = attributes.nested(stats64);
  const nest = wide ?? attributes.nested(stats);
  if (nest === undefined) return NONE;
  const count = (type: number): number => (wide === undefined ? nest.u32(type) : nest.u64(type)) ?? 0;
  return {
    connections: count(STATS_ATTR.CONNS),
    packetsIn: count(STATS_ATTR.INPKTS),
    packetsOut: count(STATS_ATTR.OUTPKTS),
    bytesIn: nest.u64(STATS_ATTR.INBYTES) ?? 0,
    bytesOut: nest.u64(STATS_ATTR.OUTBYTES) ?? 0,
  };
}
