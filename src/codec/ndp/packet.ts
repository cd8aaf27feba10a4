/**
 * Neighbour discovery for IPv6 (RFC 4861): solicitations and advertisements as whole IPv6 packets, from the version field to
 * the last option, without link-layer header.
 */
export interface NdpPacket {
  readonly kind: 'solicitation' | 'advertisement';
  /** 16 bytes each. */
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  /** Whom it is about. */
  readonly target: Uint8Array;
  /** 6 bytes: the source's of a solicitation, the target's of an advertisement; undefined = the option is absent. */
  readonly mac: Uint8Array | undefined;
  /** Flags of an advertisement (section 4.4). `override`: replaces what the neighbour's cache holds. */
  readonly router: boolean;
  readonly solicited: boolean;
  readonly override: boolean;
}

export const ETH_P_IPV6 = 0x86dd;
export const ICMPV6 = 58;
/** Anything less has passed a router and counts for nothing (sections 7.1.1 and 7.1.2). */
export const HOP_LIMIT = 255;
export const SOLICITATION = 135;
export const ADVERTISEMENT = 136;

const IP_SIZE = 40;
/** Type, code, checksum, flags, target. */
const ICMP_SIZE = 24;
/** Type, length in units of 8 bytes, MAC (section 4.6.1). */
const OPTION_SIZE = 8;
const SOURCE_LINK = 1;
const TARGET_LINK = 2;
/** With the option; more than this does not come from the pair's filter. */
export const NDP_SIZE = IP_SIZE + ICMP_SIZE + OPTION_SIZE;

const ROUTER = 0x80;
const SOLICITED = 0x40;
const OVERRIDE = 0x20;

const UNSPECIFIED = new Uint8Array(16);
/** ff02::1 (RFC 4291, section 2.7.1). */
const ALL_NODES = Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

/** @throws RangeError when an address has another size. */
export function encodeNdp(packet: NdpPacket): Uint8Array {
  const { kind, mac } = packet;
  const bytes = new Uint8Array(IP_SIZE + ICMP_SIZE + (mac === undefined ? 0 : OPTION_SIZE));
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x60);
  view.setUint16(4, bytes.length - IP_SIZE);
  view.setUint8(6, ICMPV6);
  view.setUint8(7, HOP_LIMIT);
  put(bytes, 8, 16, packet.source);
  put(bytes, 24, 16, packet.destination);
  view.setUint8(40, kind === 'solicitation' ? SOLICITATION : ADVERTISEMENT);
  if (kind === 'advertisement') {
    view.setUint8(
      44,
      (packet.router ? ROUTER : 0) | (packet.solicited ? SOLICITED : 0) | (packet.override ? OVERRIDE : 0),
    );
  }
  put(bytes, 48, 16, packet.target);
  if (mac !== undefined) {
    view.setUint8(64, kind === 'solicitation' ? SOURCE_LINK : TARGET_LINK);
    view.setUint8(65, 1);
    put(bytes, 66, 6, mac);
  }
  view.setUint16(42, checksum(bytes));
  return bytes;
}

/**
 * What a node has to take as valid (sections 7.1.1 and 7.1.2); undefined for anything else, e.g. a wrong checksum, a multicast
 * target, an option without length. Bytes behind the IPv6 payload are padding.
 */
export function decodeNdp(padded: Uint8Array): NdpPacket | undefined {
  if (padded.length < IP_SIZE + ICMP_SIZE) return undefined;
  const outer = new DataView(padded.buffer, padded.byteOffset, padded.length);
  const size = IP_SIZE + outer.getUint16(4);
  if (outer.getUint8(0) >> 4 !== 6 || size < IP_SIZE + ICMP_SIZE || size > padded.length) return undefined;
  const bytes = padded.subarray(0, size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  if (view.getUint8(6) !== ICMPV6 || view.getUint8(7) !== HOP_LIMIT || view.getUint8(41) !== 0) return undefined;
  const type = view.getUint8(40);
  if (type !== SOLICITATION && type !== ADVERTISEMENT) return undefined;
  if (view.getUint8(48) === 0xff || checksum(bytes) !== view.getUint16(42)) return undefined;
  const kind = type === SOLICITATION ? 'solicitation' : 'advertisement';
  const option = linkOption(bytes, kind === 'solicitation' ? SOURCE_LINK : TARGET_LINK);
  if (option === 'malformed') return undefined;
  const flags = kind === 'advertisement' ? view.getUint8(44) : 0;
  return {
    kind,
    source: bytes.slice(8, 24),
    destination: bytes.slice(24, 40),
    target: bytes.slice(48, 64),
    mac: option,
    router: (flags & ROUTER) !== 0,
    solicited: (flags & SOLICITED) !== 0,
    override: (flags & OVERRIDE) !== 0,
  };
}

function linkOption(bytes: Uint8Array, wanted: number): Uint8Array | undefined | 'malformed' {
  let found: Uint8Array | undefined;
  for (let at = IP_SIZE + ICMP_SIZE; at < bytes.length; ) {
    const length = 8 * (bytes[at + 1] ?? 0);
    if (length === 0 || at + length > bytes.length) return 'malformed';
    if (bytes[at] === wanted && length === OPTION_SIZE) found ??= bytes.slice(at + 2, at + OPTION_SIZE);
    at += length;
  }
  return found;
}

/** Of the pseudo-header and the message, its own field counting as zero (RFC 4443, section 2.3; RFC 8200, section 8.1). */
function checksum(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let sum = bytes.length - IP_SIZE + ICMPV6;
  for (let at = 8; at < bytes.length; at += 2) {
    if (at === 42) continue;
    sum += at + 1 < bytes.length ? view.getUint16(at) : view.getUint8(at) << 8;
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** ff02::1:ffXX:XXXX of an address (RFC 4291, section 2.7.1). */
export function solicitedNode(address: Uint8Array): Uint8Array {
  const group = Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0, 0, 0);
  group.set(address.subarray(13, 16), 13);
  return group;
}

/** Where a packet to a multicast group goes on Ethernet: 33:33 and its last 4 bytes (RFC 2464, section 7). */
export const groupMac = (group: Uint8Array): Uint8Array => Uint8Array.of(0x33, 0x33, ...group.subarray(12, 16));

/**
 * "Does anyone have this?" without claiming it, as duplicate address detection asks (RFC 4862, section 5.4.2): from the
 * unspecified address, so without a MAC of its own. Who has it answers to all nodes.
 */
export const ndpProbe = (address: Uint8Array): NdpPacket => ({
  kind: 'solicitation',
  source: UNSPECIFIED,
  destination: solicitedNode(address),
  target: address,
  mac: undefined,
  router: false,
  solicited: false,
  override: false,
});

/**
 * "This is mine", to all nodes (section 7.2.6). The router flag is set: without it, hosts strike this router off their list
 * of default routers (section 7.2.5).
 */
export const ndpAnnouncement = (mac: Uint8Array, address: Uint8Array): NdpPacket => ({
  kind: 'advertisement',
  source: address,
  destination: ALL_NODES,
  target: address,
  mac,
  router: true,
  solicited: false,
  override: true,
});

/** Whether the packet asks for its target without having an address itself (RFC 4862, section 5.4.3). */
export const isNdpProbe = ({ kind, source }: NdpPacket): boolean =>
  kind === 'solicitation' && source.every((byte) => byte === 0);

function put(bytes: Uint8Array, at: number, size: number, value: Uint8Array): void {
  if (value.length !== size) throw new RangeError(`${value.length} bytes where an address of ${size} belongs`);
  bytes.set(value, at);
}
