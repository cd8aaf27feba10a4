import { ipText } from '../ip.ts';
import {
  AF_INET,
  AF_INET6,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
} from '../netlink/constants.ts';
import { malformed } from '../netlink/malformed.ts';
import { attributesAfter, fixedPart, type NetlinkMessage } from '../netlink/message.ts';
import type { NetlinkWriter } from '../netlink/writer.ts';
import { RTM_GETROUTE, RTM_NEWROUTE } from './constants.ts';

/** linux/rtnetlink.h. */
const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_TABLE = 15;
const RT_TABLE_MAIN = 254;
const RTPROT_STATIC = 4;
const RT_SCOPE_UNIVERSE = 0;
const RT_SCOPE_LINK = 253;
const RTN_UNICAST = 1;
const RTM_F_CLONED = 0x200;
const RTMSG_SIZE = 12;

/** A unicast route of the main table through one interface. */
export interface WireRoute {
  /** 4 or 16 bytes. */
  readonly destination: Uint8Array;
  readonly prefix: number;
  /** Of the same family. */
  readonly gateway: Uint8Array | undefined;
  readonly index: number;
}

export interface ObservedRoute {
  readonly family: number;
  /** CIDR. */
  readonly destination: string;
  readonly gateway: string | undefined;
  readonly index: number;
}

/** RTM_NEWROUTE: adds, or replaces the route to the same destination. */
export function writeSetRoute(writer: NetlinkWriter, sequence: number, route: WireRoute): void {
  const ip4 = route.destination.length === 4;
  const flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
  writer.message({ type: RTM_NEWROUTE, flags, sequence }, () => {
    writer.u8(ip4 ? AF_INET : AF_INET6);
    writer.u8(route.prefix);
    writer.u8(0);
    writer.u8(0);
    writer.u8(RT_TABLE_MAIN);
    writer.u8(RTPROT_STATIC);
    writer.u8(ip4 && route.gateway === undefined ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE);
    writer.u8(RTN_UNICAST);
    writer.u32(0);
    if (route.prefix > 0) writer.attributeBytes(RTA_DST, route.destination);
    if (route.gateway !== undefined) writer.attributeBytes(RTA_GATEWAY, route.gateway);
    writer.attributeU32(RTA_OIF, route.index);
  });
}

/** RTM_GETROUTE for all routes of one family. */
export function writeRouteDump(writer: NetlinkWriter, sequence: number, family: number): void {
  writer.message({ type: RTM_GETROUTE, flags: NLM_F_REQUEST | NLM_F_DUMP, sequence }, () => {
    writer.u8(family);
    writer.raw(new Uint8Array(RTMSG_SIZE - 1));
  });
}

/**
 * RTM_NEWROUTE; undefined for what a `Route` cannot say: other tables and types, cached clones, several next hops.
 * @throws TandemError `bad-frame`.
 */
export function decodeRoute(message: NetlinkMessage): ObservedRoute | undefined {
  const view = fixedPart(message.payload, RTMSG_SIZE, 'a route');
  const family = view.getUint8(0);
  const size = family === AF_INET ? 4 : family === AF_INET6 ? 16 : undefined;
  if (size === undefined || view.getUint8(7) !== RTN_UNICAST) return undefined;
  if ((view.getUint32(8, true) & RTM_F_CLONED) !== 0) return undefined;
  const attributes = attributesAfter(message.payload, RTMSG_SIZE);
  const index = attributes.u32(RTA_OIF);
  if (index === undefined || (attributes.u32(RTA_TABLE) ?? view.getUint8(4)) !== RT_TABLE_MAIN) return undefined;
  const destination = attributes.bytes(RTA_DST) ?? new Uint8Array(size);
  const gateway = attributes.bytes(RTA_GATEWAY);
  if (destination.length !== size || (gateway !== undefined && gateway.length !== size)) {
    throw malformed(`a route of family ${family} with an address of another size`);
  }
  return {
    family,
    destination: `${ipText(destination)}/${view.getUint8(1)}`,
    gateway: gateway === undefined ? undefined : ipText(gateway),
    index,
  };
}
