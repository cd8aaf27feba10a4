import { ipText } from '../ip.ts';
import {
  AF_INET,
  AF_INET6,
  AF_UNSPEC,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
} from '../netlink/constants.ts';
import { malformed } from '../netlink/malformed.ts';
import { attributesAfter, fixedPart, type NetlinkMessage } from '../netlink/message.ts';
import type { NetlinkWriter } from '../netlink/writer.ts';
import { RTM_DELADDR, RTM_GETADDR, RTM_NEWADDR } from './constants.ts';

/** linux/if_addr.h. */
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_LABEL = 3;
const IFA_CACHEINFO = 6;
const IFA_FLAGS = 8;
const IFA_F_NODAD = 0x02;
const IFADDRMSG_SIZE = 8;
const CACHEINFO_SIZE = 16;
const FOREVER = 0xffff_ffff;

/** An address on the interface of that index. */
export interface WireAddress {
  readonly index: number;
  /** 4 or 16 bytes. */
  readonly address: Uint8Array;
  readonly prefix: number;
  /** IPv4 only; empty = none given. */
  readonly label: string;
  /** undefined = forever. */
  readonly validSeconds: number | undefined;
}

export interface ObservedAddress extends Omit<WireAddress, 'address'> {
  /** Text; the local end of a point-to-point pair. */
  readonly address: string;
  readonly family: number;
  /** IFA_F_*. */
  readonly flags: number;
}

const familyOf = (address: Uint8Array): number => (address.length === 4 ? AF_INET : AF_INET6);

/**
 * RTM_NEWADDR: adds the address or refreshes its lifetime. An IPv6 address skips duplicate address detection: the pair
 * has proved its own way that nobody else has it. An IPv4 label is given to a new address only; the kernel keeps the
 * label of one that is there.
 */
export function writeNewAddress(writer: NetlinkWriter, sequence: number, entry: WireAddress): void {
  const ip4 = entry.address.length === 4;
  const flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
  writer.message({ type: RTM_NEWADDR, flags, sequence }, () => {
    writeHead(writer, entry, ip4 ? 0 : IFA_F_NODAD);
    writer.attributeBytes(IFA_LOCAL, entry.address);
    if (ip4 && entry.label !== '') writer.attributeString(IFA_LABEL, entry.label);
    writer.attributeBytes(IFA_ADDRESS, entry.address);
    const { validSeconds } = entry;
    if (validSeconds === undefined) return;
    writer.attribute(IFA_CACHEINFO, () => {
      writer.u32(validSeconds);
      writer.u32(validSeconds);
      writer.u32(0);
      writer.u32(0);
    });
  });
}

/** RTM_DELADDR: that address with that prefix, whatever its label. EADDRNOTAVAIL when it is not there. */
export function writeDeleteAddress(writer: NetlinkWriter, sequence: number, entry: WireAddress): void {
  writer.message({ type: RTM_DELADDR, flags: NLM_F_REQUEST | NLM_F_ACK, sequence }, () => {
    writeHead(writer, entry, 0);
    writer.attributeBytes(IFA_LOCAL, entry.address);
    writer.attributeBytes(IFA_ADDRESS, entry.address);
  });
}

/** RTM_GETADDR for all addresses of both families. */
export function writeAddressDump(writer: NetlinkWriter, sequence: number): void {
  writer.message({ type: RTM_GETADDR, flags: NLM_F_REQUEST | NLM_F_DUMP, sequence }, () => {
    writer.u8(AF_UNSPEC);
    writer.raw(new Uint8Array(IFADDRMSG_SIZE - 1));
  });
}

/** RTM_NEWADDR or RTM_DELADDR; undefined for families other than IPv4 and IPv6. @throws TandemError `bad-frame`. */
export function decodeAddress(message: NetlinkMessage): ObservedAddress | undefined {
  const view = fixedPart(message.payload, IFADDRMSG_SIZE, 'an address');
  const family = view.getUint8(0);
  const size = family === AF_INET ? 4 : family === AF_INET6 ? 16 : undefined;
  if (size === undefined) return undefined;
  const attributes = attributesAfter(message.payload, IFADDRMSG_SIZE);
  const address = attributes.bytes(IFA_LOCAL) ?? attributes.bytes(IFA_ADDRESS);
  if (address?.length !== size) throw malformed(`an address of ${address?.length ?? 0} bytes in family ${family}`);
  const cache = attributes.bytes(IFA_CACHEINFO, CACHEINFO_SIZE);
  const valid = cache === undefined ? FOREVER : new DataView(cache.buffer, cache.byteOffset).getUint32(4, true);
  return {
    index: view.getUint32(4, true),
    family,
    address: ipText(address),
    prefix: view.getUint8(1),
    label: family === AF_INET ? (attributes.string(IFA_LABEL) ?? '') : '',
    validSeconds: valid === FOREVER ? undefined : valid,
    flags: attributes.u32(IFA_FLAGS) ?? view.getUint8(2),
  };
}

/** struct ifaddrmsg; the scope is left to the kernel's default (universe). */
function writeHead(writer: NetlinkWriter, entry: WireAddress, flags: number): void {
  writer.u8(familyOf(entry.address));
  writer.u8(entry.prefix);
  writer.u8(flags);
  writer.u8(0);
  writer.u32(entry.index);
}
