import type { Destination, DestinationKey, Forwarding, ObservedDestination, Tunnel } from '../../model/ipvs.ts';
import type { Attributes } from '../netlink/attributes.ts';
import { CMD_ATTR, DEST_ATTR, TUNNEL_FLAG, TUNNEL_TYPE } from './constants.ts';
import { decodeCounters } from './counters.ts';
import { inet, inetText, present, whole } from './fields.ts';
import type { WriteAttributes } from './service.ts';

/** IP_VS_CONN_F_FWD_MASK and its methods. */
const FORWARDING_MASK = 7;
const METHODS: Readonly<Record<Forwarding, number>> = { masquerade: 0, tunnel: 2, direct: 3 };
const BY_NUMBER: readonly Forwarding[] = ['masquerade', 'direct', 'tunnel', 'direct'];

/** The nest that names a destination. @throws TandemError `bad-request`. */
export function destinationKey(key: DestinationKey): WriteAttributes {
  const write = keyAttributes(key);
  return (writer) => writer.nest(CMD_ATTR.DEST, () => write(writer));
}

/** The nest that describes a destination whole, as new and edited ones need it. @throws TandemError `bad-request`. */
export function destinationEntry(destination: Destination): WriteAttributes {
  const key = keyAttributes(destination);
  const weight = whole('weight', destination.weight, 0x7fff_ffff);
  const upper = whole('upper', destination.upper, 0xffff_ffff);
  const lower = whole('lower', destination.lower, 0xffff_ffff);
  const tunnel = tunnelAttributes(destination.tunnel);
  return (writer) =>
    writer.nest(CMD_ATTR.DEST, () => {
      key(writer);
      writer.attributeU32(DEST_ATTR.FWD_METHOD, METHODS[destination.forwarding]);
      writer.attributeU32(DEST_ATTR.WEIGHT, weight);
      writer.attributeU32(DEST_ATTR.U_THRESH, upper);
      writer.attributeU32(DEST_ATTR.L_THRESH, lower);
      tunnel(writer);
    });
}

/** Nothing for IPIP, which is what the kernel takes when nothing is said. @throws TandemError `bad-request`. */
function tunnelAttributes(tunnel: Tunnel | undefined): WriteAttributes {
  if (tunnel === undefined) return () => {};
  const port = tunnel.type === 'gue' ? whole('tunnel port', tunnel.port, 0xffff) : undefined;
  return (writer) => {
    writer.attributeU8(DEST_ATTR.TUN_TYPE, TUNNEL_TYPE[tunnel.type]);
    if (port !== undefined) writer.attributeU16be(DEST_ATTR.TUN_PORT, port);
    writer.attributeU16(DEST_ATTR.TUN_FLAGS, TUNNEL_FLAG[tunnel.checksum]);
  };
}

function decodeTunnel(nest: Attributes): Tunnel | undefined {
  const type = nest.u8(DEST_ATTR.TUN_TYPE) ?? TUNNEL_TYPE.ipip;
  const flags = nest.u16(DEST_ATTR.TUN_FLAGS) ?? 0;
  const csum = (flags & TUNNEL_FLAG.csum) !== 0 ? 'csum' : 'none';
  if (type === TUNNEL_TYPE.gre) return { type: 'gre', checksum: csum };
  if (type !== TUNNEL_TYPE.gue) return undefined;
  const checksum = (flags & TUNNEL_FLAG.remcsum) !== 0 ? 'remcsum' : csum;
  return { type: 'gue', port: nest.u16be(DEST_ATTR.TUN_PORT) ?? 0, checksum };
}

function keyAttributes(key: DestinationKey): WriteAttributes {
  const address = inet('address', key.address);
  const port = whole('port', key.port, 0xffff);
  return (writer) => {
    writer.attributeU16(DEST_ATTR.ADDR_FAMILY, address.family);
    writer.attributeBytes(DEST_ATTR.ADDR, address.bytes);
    writer.attributeU16be(DEST_ATTR.PORT, port);
  };
}

/**
 * The DEST nest of a GET_DEST answer. A destination on this machine itself (LOCALNODE) reads as `direct`.
 * @param family of its service: kernels before 3.18 send none of the destination's own.
 * @throws TandemError `bad-frame`.
 */
export function decodeDestination(attributes: Attributes, family: number): ObservedDestination {
  const nest = present(attributes.nested(CMD_ATTR.DEST), 'the destination');
  const tunnel = decodeTunnel(nest);
  const method = (nest.u32(DEST_ATTR.FWD_METHOD) ?? 0) & FORWARDING_MASK;
  return {
    address: inetText(nest, DEST_ATTR.ADDR, nest.u16(DEST_ATTR.ADDR_FAMILY) ?? family),
    port: present(nest.u16be(DEST_ATTR.PORT), 'a destination port'),
    forwarding: BY_NUMBER[method] ?? 'direct',
    weight: present(nest.u32(DEST_ATTR.WEIGHT), 'a weight'),
    upper: nest.u32(DEST_ATTR.U_THRESH) ?? 0,
    lower: nest.u32(DEST_ATTR.L_THRESH) ?? 0,
    ...(tunnel === undefined ? {} : { tunnel }),
    active: nest.u32(DEST_ATTR.ACTIVE_CONNS) ?? 0,
    inactive: nest.u32(DEST_ATTR.INACT_CONNS) ?? 0,
    persistent: nest.u32(DEST_ATTR.PERSIST_CONNS) ?? 0,
    counters: decodeCounters(nest, DEST_ATTR.STATS64, DEST_ATTR.STATS),
  };
}
