import { TandemError } from '../../model/error.ts';
import type { Protocol } from '../../model/ipvs.ts';
import { ipBytes, ipText } from '../ip.ts';
import type { Attributes } from '../netlink/attributes.ts';
import { AF_INET, AF_INET6 } from '../netlink/constants.ts';
import { malformed } from '../netlink/malformed.ts';
import { ADDRESS_SIZE, NAME_LIMIT } from './constants.ts';

/** Bad input, found before anything is written. */
const bad = (field: string, value: unknown, right: string): TandemError =>
  new TandemError('bad-request', `${field} is ${JSON.stringify(value)}`, { remedy: `${field} must be ${right}` });

/** A whole number from 0 to `most`. @throws TandemError `bad-request`. */
export function whole(field: string, value: number, most: number): number {
  if (!Number.isInteger(value) || value < 0 || value > most)
    throw bad(field, value, `a whole number from 0 to ${most}`);
  return value;
}

/** A scheduler's or device's name. @throws TandemError `bad-request`. */
export function nameField(field: string, value: string): string {
  if (!/^[\x21-\x7e]+$/.test(value) || value.length > NAME_LIMIT) {
    throw bad(field, value, `1 to ${NAME_LIMIT} printable characters`);
  }
  return value;
}

/** An address as IPVS carries it. */
export interface Inet {
  /** AF_INET or AF_INET6. */
  readonly family: number;
  /** union nf_inet_addr: an IPv4 address in the first 4 of 16 bytes. */
  readonly bytes: Uint8Array;
}

/** @throws TandemError `bad-request`. */
export function inet(field: string, text: string): Inet {
  const ip = ipBytes(text);
  if (ip === undefined) throw bad(field, text, 'an IPv4 or IPv6 address');
  const bytes = new Uint8Array(ADDRESS_SIZE);
  bytes.set(ip);
  return { family: ip.length === 4 ? AF_INET : AF_INET6, bytes };
}

/** @throws TandemError `bad-frame` when it is missing or the family is neither IPv4 nor IPv6. */
export function inetText(attributes: Attributes, type: number, family: number): string {
  const size = family === AF_INET ? 4 : family === AF_INET6 ? 16 : 0;
  const bytes = attributes.bytes(type, size);
  if (size === 0 || bytes === undefined) throw malformed(`an IPVS address of family ${family}`);
  return ipText(bytes.subarray(0, size));
}

/**
 * A persistence netmask as the kernel takes it: the mask's four bytes as they lie in memory, for IPv6 the prefix length.
 * @throws TandemError `bad-request`.
 */
export function maskField(field: string, text: string, family: number): number {
  if (family === AF_INET6) return whole(field, Number(text), 128);
  const bytes = text.includes(':') ? undefined : ipBytes(text);
  if (bytes === undefined) throw bad(field, text, 'a netmask like 255.255.255.0');
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

/** The reverse of `maskField`; undefined for that of a single address, which is what stands for no netmask. */
export function maskText(value: number | undefined, family: number): string | undefined {
  if (value === undefined) return undefined;
  if (family === AF_INET6) return value === 128 ? undefined : String(value);
  if (value === 0xffff_ffff) return undefined;
  return ipText(Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24));
}

/** A field that the kernel always sends. @throws TandemError `bad-frame`. */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw malformed(`${what} is missing`);
  return value;
}

/** IPPROTO_*. */
export const PROTOCOLS: Readonly<Record<Protocol, number>> = { tcp: 6, udp: 17, sctp: 132 };

const BY_NUMBER: ReadonlyMap<number, Protocol> = new Map([
  [6, 'tcp'],
  [17, 'udp'],
  [132, 'sctp'],
]);

export const protocolOf = (number: number): Protocol | undefined => BY_NUMBER.get(number);
