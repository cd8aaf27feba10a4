/** ICMP echo (RFC 792), as far as a check needs it. */

const ECHO_REPLY = 0;
const UNREACHABLE = 3;
const ECHO_REQUEST = 8;
const HEADER = 8;
/** Bytes after the ICMP header: a mark that tells our requests from another program's. */
const MARK = new TextEncoder().encode('tandem check');

export interface Echo {
  /** 0 to 65535, both. */
  readonly id: number;
  readonly sequence: number;
}

export type IcmpNews =
  | ({ readonly type: 'reply' } & Echo)
  /** Somebody on the way says that the request could not be delivered. */
  | ({ readonly type: 'unreachable' } & Echo);

export const ECHO_SIZE = HEADER + MARK.length;

/** Internet checksum (RFC 1071) of an even or odd number of bytes. */
export function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

export function encodeEcho({ id, sequence }: Echo): Uint8Array {
  const bytes = new Uint8Array(ECHO_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, ECHO_REQUEST);
  view.setUint16(4, id);
  view.setUint16(6, sequence);
  bytes.set(MARK, HEADER);
  view.setUint16(2, checksum(bytes));
  return bytes;
}

/** Reads an IPv4 packet as a raw socket brings it, header included; undefined when it is no news of an echo of ours. */
export function decodeIcmp(packet: Uint8Array): IcmpNews | undefined {
  const icmp = payloadOf(packet);
  if (icmp === undefined || icmp.length < HEADER || checksum(icmp) !== 0) return undefined;
  if (icmp[0] === ECHO_REPLY) {
    const ours = MARK.every((byte, at) => icmp[HEADER + at] === byte);
    return ours ? { type: 'reply', ...echoOf(icmp) } : undefined;
  }
  if (icmp[0] !== UNREACHABLE) return undefined;
  // RFC 792: the header of the packet that was not delivered and 64 bits of its data follow.
  const inner = payloadOf(icmp.subarray(HEADER));
  if (inner === undefined || inner.length < HEADER || inner[0] !== ECHO_REQUEST) return undefined;
  return { type: 'unreachable', ...echoOf(inner) };
}

function payloadOf(packet: Uint8Array): Uint8Array | undefined {
  const first = packet[0] ?? 0;
  const header = (first & 0x0f) * 4;
  // Protocol 1 is ICMP.
  return first >>> 4 === 4 && header >= 20 && packet[9] === 1 ? packet.subarray(header) : undefined;
}

function echoOf(icmp: Uint8Array): Echo {
  const view = new DataView(icmp.buffer, icmp.byteOffset, icmp.byteLength);
  return { id: view.getUint16(4), sequence: view.getUint16(6) };
}
