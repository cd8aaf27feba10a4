import { ipBytes } from '../../src/codec/ip.ts';
import type { WireAddress } from '../../src/codec/rtnetlink/address.ts';
import type { WireRoute } from '../../src/codec/rtnetlink/route.ts';
import { TandemError } from '../../src/model/error.ts';
import type { Address, Route } from '../../src/model/network.ts';

/** IFNAMSIZ of linux/if.h, with its NUL. */
const LABEL_LIMIT = 15;

const bad = (field: string, value: unknown, right: string): TandemError =>
  new TandemError('bad-request', `${field} is ${JSON.stringify(value)}`, { remedy: `${field} must be ${right}` });

function ip(field: string, text: string): Uint8Array {
  const bytes = ipBytes(text);
  if (bytes === undefined) throw bad(field, text, 'an IPv4 or IPv6 address');
  return bytes;
}

function prefixOf(field: string, prefix: number, address: Uint8Array): number {
  const most = address.length * 8;
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > most) throw bad(field, prefix, `between 0 and ${most}`);
  return prefix;
}

/** `198.51.100.10/24 dev eth0 label eth0:1`. */
export const describeAddress = (entry: Address): string =>
  `${entry.address}/${entry.prefix} dev ${entry.device}${entry.label === '' ? '' : ` label ${entry.label}`}`;

/** @throws TandemError `bad-request` naming the field. */
export function wireAddress(entry: Address, index: number): WireAddress {
  const address = ip('address', entry.address);
  const { label, validSeconds } = entry;
  if (label.length > LABEL_LIMIT || !/^[\x21-\x7e]*$/.test(label)) {
    throw bad('label', label, 'at most 15 printable characters, e.g. "eth0:1"');
  }
  if (
    validSeconds !== undefined &&
    !(Number.isInteger(validSeconds) && validSeconds > 0 && validSeconds < 0xffff_ffff)
  ) {
    throw bad('validSeconds', validSeconds, 'a whole number of seconds from 1, or undefined for ever');
  }
  return { index, address, prefix: prefixOf('prefix', entry.prefix, address), label, validSeconds };
}

/** @throws TandemError `bad-request` naming the field. */
export function wireRoute(route: Route, index: number): WireRoute {
  const [text = '', prefixText = ''] = route.destination.split('/');
  const destination = ip('destination', text);
  const prefix = prefixOf('destination', prefixText === '' ? Number.NaN : Number(prefixText), destination);
  const gateway = route.gateway === undefined ? undefined : ip('gateway', route.gateway);
  if (gateway !== undefined && gateway.length !== destination.length) {
    throw bad('gateway', route.gateway, 'of the same family as the destination');
  }
  return { destination, prefix, gateway, index };
}
