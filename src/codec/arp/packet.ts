/**
 * ARP for IPv4 over Ethernet (RFC 826): the 28 bytes behind the link-layer header, without padding.
 */
export interface ArpPacket {
  readonly operation: 'request' | 'reply';
  /** 6 bytes. */
  readonly senderMac: Uint8Array;
  /** 4 bytes, like the target's. */
  readonly senderIp: Uint8Array;
  readonly targetMac: Uint8Array;
  readonly targetIp: Uint8Array;
}

export const ARP_SIZE = 28;
export const ETH_P_ARP = 0x0806;

const HARDWARE_ETHERNET = 1;
const PROTOCOL_IPV4 = 0x0800;
const REQUEST = 1;
/** ares_op$REPLY. */
export const REPLY = 2;
const NOBODY = new Uint8Array(6);
const BROADCAST = new Uint8Array(6).fill(0xff);
const UNSPECIFIED = new Uint8Array(4);

/** @throws RangeError when an address has another size. */
export function encodeArp(packet: ArpPacket): Uint8Array {
  const bytes = new Uint8Array(ARP_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, HARDWARE_ETHERNET);
  view.setUint16(2, PROTOCOL_IPV4);
  view.setUint8(4, 6);
  view.setUint8(5, 4);
  view.setUint16(6, packet.operation === 'request' ? REQUEST : REPLY);
  put(bytes, 8, 6, packet.senderMac);
  put(bytes, 14, 4, packet.senderIp);
  put(bytes, 18, 6, packet.targetMac);
  put(bytes, 24, 4, packet.targetIp);
  return bytes;
}

/** undefined for anything but an IPv4-over-Ethernet request or reply; bytes behind the 28 are padding. */
export function decodeArp(bytes: Uint8Array): ArpPacket | undefined {
  if (bytes.length < ARP_SIZE) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, ARP_SIZE);
  if (view.getUint16(0) !== HARDWARE_ETHERNET || view.getUint16(2) !== PROTOCOL_IPV4) return undefined;
  if (view.getUint8(4) !== 6 || view.getUint8(5) !== 4) return undefined;
  const operation = view.getUint16(6);
  if (operation !== REQUEST && operation !== REPLY) return undefined;
  return {
    operation: operation === REQUEST ? 'request' : 'reply',
    senderMac: bytes.slice(8, 14),
    senderIp: bytes.slice(14, 18),
    targetMac: bytes.slice(18, 24),
    targetIp: bytes.slice(24, 28),
  };
}

/** "Does anyone have this?" without claiming it: the sender's address is 0.0.0.0 (RFC 5227, section 2.1.1). */
export const arpProbe = (mac: Uint8Array, address: Uint8Array): ArpPacket => ({
  operation: 'request',
  senderMac: mac,
  senderIp: UNSPECIFIED,
  targetMac: NOBODY,
  targetIp: address,
});

/**
 * "This is mine", once as a request and once as a reply, because some neighbours update their cache on only one of
 * the two (RFC 5227, sections 2.3 and 3; RFC 5944, section 4.6).
 */
export const arpAnnouncements = (mac: Uint8Array, address: Uint8Array): readonly [ArpPacket, ArpPacket] => [
  { operation: 'request', senderMac: mac, senderIp: address, targetMac: NOBODY, targetIp: address },
  { operation: 'reply', senderMac: mac, senderIp: address, targetMac: BROADCAST, targetIp: address },
];

/**
 * "Who has `target`? Tell `address` at `mac`": whoever has it updates its entry for `address` first and answers then (RFC
 * 826, packet reception).
 */
export const arpQuestion = (mac: Uint8Array, address: Uint8Array, target: Uint8Array): ArpPacket => ({
  operation: 'request',
  senderMac: mac,
  senderIp: address,
  targetMac: NOBODY,
  targetIp: target,
});

/** Whether the packet says that its sender has an address: any with a sender other than 0.0.0.0. */
export const isClaim = (packet: ArpPacket): boolean => packet.senderIp.some((byte) => byte !== 0);

/** Whether the packet asks for an address without claiming it (RFC 5227, section 2.1.1). */
export const isProbe = (packet: ArpPacket): boolean => packet.operation === 'request' && !isClaim(packet);

function put(bytes: Uint8Array, at: number, size: number, value: Uint8Array): void {
  if (value.length !== size) throw new RangeError(`${value.length} bytes where an address of ${size} belongs`);
  bytes.set(value, at);
}
