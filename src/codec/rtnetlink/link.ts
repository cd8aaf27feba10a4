import type { Link } from '../../model/network.ts';
import { macText } from '../ip.ts';
import { AF_UNSPEC, NLM_F_ACK, NLM_F_DUMP, NLM_F_REQUEST } from '../netlink/constants.ts';
import { attributesAfter, fixedPart, type NetlinkMessage } from '../netlink/message.ts';
import type { NetlinkWriter } from '../netlink/writer.ts';
import { RTM_GETLINK, RTM_NEWLINK } from './constants.ts';

/** linux/if_link.h, linux/if.h. */
const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_EXT_MASK = 29;
/** Counters would be most of every answer. */
const RTEXT_FILTER_SKIP_STATS = 8;
const IFF_UP = 0x1;
const IFF_LOWER_UP = 0x1_0000;
const IFINFOMSG_SIZE = 16;

/** RTM_GETLINK for all links. */
export function writeLinkDump(writer: NetlinkWriter, sequence: number): void {
  writer.message({ type: RTM_GETLINK, flags: NLM_F_REQUEST | NLM_F_DUMP, sequence }, () => {
    writeHead(writer, 0, 0, 0);
    writer.attributeU32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
  });
}

/** RTM_NEWLINK on an existing link: switches it on. */
export function writeSetUp(writer: NetlinkWriter, sequence: number, index: number): void {
  writer.message({ type: RTM_NEWLINK, flags: NLM_F_REQUEST | NLM_F_ACK, sequence }, () => {
    writeHead(writer, index, IFF_UP, IFF_UP);
  });
}

/** RTM_NEWLINK or RTM_DELLINK. @throws TandemError `bad-frame`. */
export function decodeLink(message: NetlinkMessage): Link {
  const view = fixedPart(message.payload, IFINFOMSG_SIZE, 'a link');
  const attributes = attributesAfter(message.payload, IFINFOMSG_SIZE);
  const flags = view.getUint32(8, true);
  return {
    index: view.getUint32(4, true),
    device: attributes.string(IFLA_IFNAME) ?? '',
    mac: macText(attributes.bytes(IFLA_ADDRESS) ?? new Uint8Array(0)),
    admin: (flags & IFF_UP) !== 0,
    carrier: (flags & IFF_LOWER_UP) !== 0,
    mtu: attributes.u32(IFLA_MTU) ?? 0,
  };
}

/** struct ifinfomsg. */
function writeHead(writer: NetlinkWriter, index: number, flags: number, change: number): void {
  writer.u8(AF_UNSPEC);
  writer.u8(0);
  writer.u16(0);
  writer.u32(index);
  writer.u32(flags);
  writer.u32(change);
}
