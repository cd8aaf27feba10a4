import { claimFilter } from '../../src/codec/arp/filter.ts';
import {
  type ArpPacket,
  arpAnnouncements,
  arpProbe,
  decodeArp,
  ETH_P_ARP,
  encodeArp,
  isClaim,
  isProbe,
} from '../../src/codec/arp/packet.ts';
import { ipText, macText } from '../../src/codec/ip.ts';
import { ndpClaimFilter } from '../../src/codec/ndp/filter.ts';
import {
  decodeNdp,
  ETH_P_IPV6,
  encodeNdp,
  groupMac,
  isNdpProbe,
  type NdpPacket,
  ndpAnnouncement,
  ndpProbe,
} from '../../src/codec/ndp/packet.ts';

/** What leaves a packet socket: the payload of one Ethernet frame and whom it is for. */
export interface Frame {
  readonly etherType: number;
  /** 6 bytes. */
  readonly to: Uint8Array;
  readonly bytes: Uint8Array;
}

const BROADCAST = new Uint8Array(6).fill(0xff);

export const arpFrame = (packet: ArpPacket): Frame => ({
  etherType: ETH_P_ARP,
  to: BROADCAST,
  bytes: encodeArp(packet),
});

const ndpFrame = (packet: NdpPacket): Frame => ({
  etherType: ETH_P_IPV6,
  to: groupMac(packet.destination),
  bytes: encodeNdp(packet),
});

/** @param address 4 or 16 bytes; the protocol follows from that, here and below. */
export const probeFrames = (mac: Uint8Array, address: Uint8Array): readonly Frame[] =>
  address.length === 4 ? [arpFrame(arpProbe(mac, address))] : [ndpFrame(ndpProbe(address))];

export const announcementFrames = (mac: Uint8Array, address: Uint8Array): readonly Frame[] =>
  address.length === 4 ? arpAnnouncements(mac, address).map(arpFrame) : [ndpFrame(ndpAnnouncement(mac, address))];

/** What another machine says of an address. */
export interface Saying {
  readonly what: 'claim' | 'probe';
  readonly address: string;
  readonly mac: string;
}

/** How to listen for it. */
export interface Ear<T> {
  readonly etherType: number;
  filter(ownMac: Uint8Array): Uint8Array;
  /** @param from MAC of the frame's sender. */
  read(bytes: Uint8Array, from: Uint8Array): T | undefined;
}

export const claimEar = (address: Uint8Array): Ear<Saying> =>
  address.length === 4
    ? { etherType: ETH_P_ARP, filter: (mac) => claimFilter(mac, address), read: readArp }
    : { etherType: ETH_P_IPV6, filter: (mac) => ndpClaimFilter(mac, address), read: readNdp };

function readArp(bytes: Uint8Array): Saying | undefined {
  const packet = decodeArp(bytes);
  if (packet === undefined) return undefined;
  const mac = macText(packet.senderMac);
  if (isClaim(packet)) return { what: 'claim', address: ipText(packet.senderIp), mac };
  return isProbe(packet) ? { what: 'probe', address: ipText(packet.targetIp), mac } : undefined;
}

function readNdp(bytes: Uint8Array, from: Uint8Array): Saying | undefined {
  const packet = decodeNdp(bytes);
  if (packet === undefined) return undefined;
  const said = { address: ipText(packet.target), mac: macText(packet.mac ?? from) };
  if (packet.kind === 'advertisement') return { what: 'claim', ...said };
  return isNdpProbe(packet) ? { what: 'probe', ...said } : undefined;
}
