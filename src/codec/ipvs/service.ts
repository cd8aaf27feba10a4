import { markedKey, type ObservedService, type Service, type ServiceKey } from '../../model/ipvs.ts';
import { byIdentity } from '../../model/memo.ts';
import type { Attributes } from '../netlink/attributes.ts';
import { AF_INET, AF_INET6 } from '../netlink/constants.ts';
import { NetlinkWriter } from '../netlink/writer.ts';
import { CMD_ATTR, SVC_ATTR, SVC_FLAG } from './constants.ts';
import { decodeCounters } from './counters.ts';
import { inet, inetText, maskField, maskText, nameField, PROTOCOLS, present, protocolOf, whole } from './fields.ts';

/** Writes the attributes into a message that is open. */
export type WriteAttributes = (writer: NetlinkWriter) => void;

/** Every bit of the flags word is meant. */
const ALL_FLAGS = 0xffff_ffff;
const HOST_MASK = { [AF_INET]: '255.255.255.255', [AF_INET6]: '128' } as const;
const SCHEDULER_FLAGS = ['flag-1', 'flag-2', 'flag-3'] as const;

/**
 * The nest that names a service; one object's is made once, as all steps on its destinations have the same.
 * @throws TandemError `bad-request`.
 */
export const serviceKey: (key: ServiceKey) => WriteAttributes = byIdentity((key) => {
  const write = keyAttributes(key);
  const made = new NetlinkWriter(64);
  made.nest(CMD_ATTR.SERVICE, () => write(made));
  const bytes = made.bytes().slice();
  return (writer) => writer.raw(bytes);
});

/** The nest that describes a service whole, as new and edited ones need it. @throws TandemError `bad-request`. */
export function serviceEntry(service: Service): WriteAttributes {
  const key = keyAttributes(service);
  const scheduler = nameField('scheduler', service.scheduler);
  const persistence = whole('persistence', service.persistence, 0xffff_ffff);
  const { family } = inet('address', service.address);
  const netmask = maskField('netmask', service.netmask ?? HOST_MASK[family === AF_INET ? AF_INET : AF_INET6], family);
  const flags = flagsOf(service);
  return (writer) =>
    writer.nest(CMD_ATTR.SERVICE, () => {
      key(writer);
      writer.attributeString(SVC_ATTR.SCHED_NAME, scheduler);
      writer.attribute(SVC_ATTR.FLAGS, () => {
        writer.u32(flags);
        writer.u32(ALL_FLAGS);
      });
      writer.attributeU32(SVC_ATTR.TIMEOUT, persistence);
      writer.attributeU32(SVC_ATTR.NETMASK, netmask);
      if (service.engine !== undefined) writer.attributeString(SVC_ATTR.PE_NAME, service.engine);
    });
}

function keyAttributes(key: ServiceKey): WriteAttributes {
  const address = inet('address', key.address);
  const { fwmark } = key;
  if (fwmark !== undefined) {
    whole('fwmark', fwmark, 0xffff_ffff);
    return (writer) => {
      writer.attributeU16(SVC_ATTR.AF, address.family);
      writer.attributeU32(SVC_ATTR.FWMARK, fwmark);
    };
  }
  const port = whole('port', key.port, 0xffff);
  return (writer) => {
    writer.attributeU16(SVC_ATTR.AF, address.family);
    writer.attributeU16(SVC_ATTR.PROTOCOL, PROTOCOLS[key.protocol]);
    writer.attributeBytes(SVC_ATTR.ADDR, address.bytes);
    writer.attributeU16be(SVC_ATTR.PORT, port);
  };
}

function flagsOf(service: Service): number {
  let flags = service.persistence > 0 ? SVC_FLAG.PERSISTENT : 0;
  if (service.onePacket) flags |= SVC_FLAG.ONEPACKET;
  for (const flag of service.schedulerFlags) flags |= SVC_FLAG[flag];
  return flags;
}

/** A service as the kernel lists it, before its destinations are asked for. */
export type ListedService = Omit<ObservedService, 'destinations'>;

/**
 * The SERVICE nest of a GET_SERVICE answer. undefined for a protocol that `Service` has no word for.
 * @throws TandemError `bad-frame`.
 */
export function decodeService(attributes: Attributes): ListedService | undefined {
  const nest = present(attributes.nested(CMD_ATTR.SERVICE), 'the service');
  const family = present(nest.u16(SVC_ATTR.AF), 'a service address family');
  const key = decodeKey(nest, family);
  if (key === undefined) return undefined;
  const flagBytes = present(nest.bytes(SVC_ATTR.FLAGS, 4), 'the service flags');
  const flags = new DataView(flagBytes.buffer, flagBytes.byteOffset).getUint32(0, true);
  const persistent = (flags & SVC_FLAG.PERSISTENT) !== 0;
  const netmask = maskText(nest.u32(SVC_ATTR.NETMASK), family);
  return {
    ...key,
    scheduler: present(nest.string(SVC_ATTR.SCHED_NAME), 'a scheduler'),
    schedulerFlags: SCHEDULER_FLAGS.filter((flag) => (flags & SVC_FLAG[flag]) !== 0),
    persistence: persistent ? (nest.u32(SVC_ATTR.TIMEOUT) ?? 0) : 0,
    onePacket: (flags & SVC_FLAG.ONEPACKET) !== 0,
    ...(persistent && netmask !== undefined ? { netmask } : {}),
    ...(nest.string(SVC_ATTR.PE_NAME) === 'sip' ? { engine: 'sip' as const } : {}),
    counters: decodeCounters(nest, SVC_ATTR.STATS64, SVC_ATTR.STATS),
  };
}

function decodeKey(nest: Attributes, family: number): ServiceKey | undefined {
  const fwmark = nest.u32(SVC_ATTR.FWMARK);
  if (fwmark !== undefined && fwmark !== 0) return markedKey(fwmark, family === AF_INET6 ? 6 : 4);
  const protocol = protocolOf(present(nest.u16(SVC_ATTR.PROTOCOL), 'a service protocol'));
  if (protocol === undefined) return undefined;
  return {
    protocol,
    address: inetText(nest, SVC_ATTR.ADDR, family),
    port: present(nest.u16be(SVC_ATTR.PORT), 'a service port'),
  };
}
