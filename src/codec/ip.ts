import { formatIp, parseIp } from '../model/net.ts';

/** Addresses as the wire has them, 4 or 16 bytes in network order; undefined when the text is no address. */
export function ipBytes(text: string): Uint8Array | undefined {
  const ip = parseIp(text);
  if (ip === undefined) return undefined;
  if (ip.family === 4) {
    const value = Number(ip.value);
    return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
  }
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, ip.value >> 64n);
  view.setBigUint64(8, ip.value & 0xffff_ffff_ffff_ffffn);
  return bytes;
}

/** Dotted quad for 4 bytes, RFC 5952 text for 16. @throws RangeError for another length. */
export function ipText(bytes: Uint8Array): string {
  if (bytes.length === 4) return `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}`;
  if (bytes.length !== 16) throw new RangeError(`an address has 4 or 16 bytes, not ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  return formatIp({ family: 6, value: (view.getBigUint64(0) << 64n) | view.getBigUint64(8) });
}

/** Colon-separated lower-case hex. */
export const macText = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
