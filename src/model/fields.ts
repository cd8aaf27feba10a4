import * as z from 'zod';
import { formatIp, isUnicast, parseCidr, parseIp } from './net.ts';

/**
 * The kinds of fields that documents are made of. Each carries `.meta({title, unit, help})` for forms and the JSON Schema,
 * and answers every wrong value with one sentence that says what would be right.
 */

export interface Meta extends Record<string, unknown> {
  readonly title: string;
  readonly help: string;
  readonly unit?: string;
}

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number, meta: Meta) {
  const unit = meta.unit === undefined ? '' : ` (${meta.unit})`;
  const error = `give a whole number from ${min} to ${max}${unit}`;
  return z.int({ error }).min(min, { error }).max(max, { error }).meta(meta);
}

/** Text of a certain shape; `right` completes "give …". */
export function shaped(pattern: RegExp, right: string, meta: Meta) {
  const error = `give ${right}`;
  return z.string({ error }).regex(pattern, { error }).meta(meta);
}

/** A name that is safe in logs, labels and metrics. */
export const named = (meta: Meta) =>
  shaped(/^[a-z0-9-]{1,32}$/, 'a name of 1 to 32 lower-case letters, digits and hyphens', meta);

/** An interface's name (linux/if.h, IFNAMSIZ 16 with its zero), short enough for the alias `name:1`. */
export const device = (meta: Meta) =>
  shaped(
    /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,13}$/,
    'the name of a network interface of at most 13 characters, like eth0',
    meta,
  );

/** An absolute path. */
export const path = (meta: Meta) => shaped(/^\/[\x21-\x7e]{1,254}$/, 'an absolute path, like /dev/ttyS1', meta);

/** One of some words. */
export function choice<const T extends readonly [string, ...string[]]>(words: T, meta: Meta) {
  return z.enum(words, { error: `give one of: ${words.join(', ')}` }).meta(meta);
}

export const flag = (meta: Meta) => z.boolean({ error: 'give true or false' }).meta(meta);

const isV4 = (text: string): boolean => {
  const ip = parseIp(text);
  return ip?.family === 4 && isUnicast(ip);
};

/** An IPv4 address of a host. */
export function ipv4(meta: Meta) {
  const error = 'give the IPv4 address of a host as four numbers, like 192.0.2.11';
  return z
    .string({ error })
    .refine(isV4, { error })
    .meta({ ...meta, format: 'ipv4' });
}

/** An IPv4 address with the length of its network. */
export function cidr4(meta: Meta) {
  const error = 'give an IPv4 address with the length of its network, like 192.0.2.1/24';
  const right = (text: string) => isV4(text.split('/')[0] ?? '') && (parseCidr(text)?.prefix ?? 0) >= 8;
  // JSON Schema has no format for this; the pattern lets an editor see the gross mistakes.
  return z
    .string({ error })
    .refine(right, { error })
    .meta({ ...meta, pattern: '^([0-9]{1,3}\\.){3}[0-9]{1,3}/[0-9]{1,2}$' });
}

const isHostIp = (text: string): boolean => {
  const parsed = parseIp(text);
  return parsed !== undefined && isUnicast(parsed);
};

/** An IPv4 or IPv6 address of a host, in the one spelling that the kernel reads back (RFC 5952). */
export function ip(meta: Meta) {
  const error = 'give the IPv4 or IPv6 address of a host, like 192.0.2.11 or 2001:db8::11';
  return z
    .string({ error })
    .refine(isHostIp, { error })
    .transform((text) => {
      const parsed = parseIp(text);
      return parsed === undefined ? text : formatIp(parsed);
    })
    .meta(meta);
}

/** A port, or a range as `"FIRST-LAST"` with the first below the last. */
export function portRange(meta: Meta) {
  const error = 'give a port from 1 to 65535, or a range like "8000-8100" with the lower port first';
  const right = (value: number | string): boolean => {
    if (typeof value === 'number') return Number.isInteger(value) && value >= 1 && value <= 65_535;
    const found = /^(\d{1,5})-(\d{1,5})$/.exec(value);
    return found !== null && Number(found[1]) >= 1 && Number(found[1]) < Number(found[2]) && Number(found[2]) <= 65_535;
  };
  return z.union([z.number(), z.string()], { error }).refine(right, { error }).meta(meta);
}

/** A dotted netmask without holes, or the length of an IPv6 prefix. */
export function netmask(meta: Meta) {
  const error = 'give a netmask like 255.255.255.0, or for IPv6 a prefix length from 1 to 128';
  const right = (value: number | string): boolean => {
    if (typeof value === 'number') return Number.isInteger(value) && value >= 1 && value <= 128;
    const mask = parseIp(value);
    if (mask?.family !== 4 || mask.value === 0n) return false;
    const holes = ~mask.value & 0xffff_ffffn;
    return (holes & (holes + 1n)) === 0n;
  };
  return z.union([z.number(), z.string()], { error }).refine(right, { error }).meta(meta);
}

const isV6Host = (text: string): boolean => {
  const ip = parseIp(text);
  // fe80::/10 is of one link and one box (RFC 4291, section 2.5.6): it cannot move, and a route to it needs a zone.
  return ip?.family === 6 && isUnicast(ip) && ip.value >> 118n !== 0x3fan;
};

/** An IPv6 address with the length of its network, not a link-local one. */
export function cidr6(meta: Meta) {
  const error = 'give an IPv6 address with the length of its network, like 2001:db8::1/64';
  const right = (text: string) => isV6Host(text.split('/')[0] ?? '') && (parseCidr(text)?.prefix ?? 0) >= 16;
  return z
    .string({ error })
    .refine(right, { error })
    .meta({ ...meta, pattern: '^[0-9A-Fa-f:.]{2,45}/[0-9]{1,3}$' });
}
