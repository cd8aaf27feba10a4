import { resolveFamily } from '../../../firmware/netlink/genetlink.ts';
import { NetlinkSocket } from '../../../firmware/netlink/socket.ts';
import { IPVS_CMD, IPVS_FAMILY } from '../../../src/codec/ipvs/constants.ts';
import { decodeDestination } from '../../../src/codec/ipvs/destination.ts';
import { serviceKey } from '../../../src/codec/ipvs/service.ts';
import { writeIpvsRequest } from '../../../src/codec/ipvs/step.ts';
import { AF_INET, NETLINK_GENERIC, NLM_F_DUMP } from '../../../src/codec/netlink/constants.ts';
import { decodeGeneric } from '../../../src/codec/netlink/genetlink.ts';
import { TandemError } from '../../../src/model/error.ts';
import { addressOf, lastOf, portOf, type Shape, VIP } from './table.ts';

/** The kernel tells nobody of a change in its IPVS table. A look at one service costs what its servers cost. */
const LOOK_MS = 5;

/** The table's last service: how many servers it has, and the last one's weight; undefined while it has none of that address. */
export interface Seen {
  readonly servers: number;
  readonly weight: number | undefined;
}

/**
 * A look takes the processor from whom it looks at: of the answers one alone is read whole, and the others are counted.
 */
export function lookAtLast(shape: Shape): () => Seen {
  const address = addressOf(lastOf(shape).server);
  const bytes = Buffer.from(address.split('.').map(Number));
  const socket = new NetlinkSocket(NETLINK_GENERIC);
  const port = portOf(lastOf(shape).service);
  const key = serviceKey({ protocol: 'tcp', address: VIP, port });
  return () => {
    const family = resolveFamily(socket, IPVS_FAMILY, 'ip_vs');
    try {
      const found = socket.dump(
        'looking at the last service',
        (writer, sequence) =>
          writeIpvsRequest(writer, family, sequence, { command: IPVS_CMD.GET_DEST, attributes: [key] }, NLM_F_DUMP),
        (message) => {
          const { buffer, byteOffset, byteLength } = message.payload;
          return Buffer.from(buffer, byteOffset, byteLength).includes(bytes)
            ? decodeDestination(decodeGeneric(message).attributes, AF_INET)
            : null;
        },
      );
      return { servers: found.length, weight: found.find((server) => server?.address === address)?.weight };
    } catch (error) {
      if (error instanceof TandemError) return { servers: 0, weight: undefined };
      throw error;
    }
  };
}

/** Looks until `seen` holds. @returns the moment of that look, performance.now(). @throws after `limitMs`. */
export async function moment(what: string, limitMs: number, seen: () => boolean): Promise<number> {
  const limit = performance.now() + limitMs;
  for (;;) {
    if (seen()) return performance.now();
    if (performance.now() > limit) throw new Error(`${what}: not within ${limitMs} ms`);
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

/** The last service has all its servers: both programs load a table in its order. */
export const isWhole = (shape: Shape, look: () => Seen): boolean => look().servers === shape.servers;
