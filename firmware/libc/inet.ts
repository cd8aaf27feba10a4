import { ipBytes } from '../../src/codec/ip.ts';
import { AF_INET, AF_INET6 } from './socket.ts';

/**
 * sockaddr_in or sockaddr_in6 of an address in text, as ip(7) and ipv6(7) lay it out; its length tells them apart.
 * @param port 0 = any
 * @throws RangeError when the text is no address
 */
export function inetAddress(address: string, port: number): Uint8Array {
  const ip = ipBytes(address);
  if (ip === undefined) throw new RangeError(`${address} is no address`);
  const bytes = new Uint8Array(ip.length === 4 ? 16 : 28);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, familyOf(bytes), true);
  view.setUint16(2, port, false);
  bytes.set(ip, ip.length === 4 ? 4 : 8);
  return bytes;
}

/** AF_INET or AF_INET6, by the length of what `inetAddress` made. */
export const familyOf = (bytes: Uint8Array): number => (bytes.length === 16 ? AF_INET : AF_INET6);
