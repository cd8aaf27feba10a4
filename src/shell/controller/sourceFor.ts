import type { Lane } from '../../model/lane.ts';
import { contains, parseCidr, parseIp } from '../../model/net.ts';

/**
 * This box's own address from which a server is asked: never a float, because the standby asks, too, and would be
 * answered by its twin. Servers in the public network are asked from there, all others from the private side.
 */
export function sourceFor(lane: Lane, address: string): string {
  const { nics } = lane;
  const ip = parseIp(address);
  const near = (side: keyof typeof nics): boolean => {
    const network = parseCidr(`${nics[side].address}/${nics[side].prefix}`);
    return ip !== undefined && network !== undefined && contains(network, ip);
  };
  return nics[!near('private') && near('public') ? 'public' : 'private'].address;
}
