/** IPv4 and IPv6 addresses and CIDR networks as text and as numbers. Pure; no host names, no zones. */

/** An address as a number with its family. */
export interface Ip {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** An interface address with the length of its network's prefix, e.g. `198.51.100.2/24`. */
export interface Cidr {
  readonly ip: Ip;
  readonly prefix: number;
}

const bitsOf = (family: 4 | 6): number => (family === 4 ? 32 : 128);

/** Digit by digit: a large document has ten thousand addresses, each read several times. */
function parseIpv4(text: string): bigint | undefined {
  let [value, octet, digits, dots] = [0, 0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x2e) {
      if (digits === 0) return undefined;
      value = value * 256 + octet;
      dots += 1;
      octet = digits = 0;
    } else {
      // A leading zero is octal to some programs and decimal to others (RFC 6943, section 3.1.1): refused.
      if (code < 0x30 || code > 0x39 || (digits > 0 && octet === 0)) return undefined;
      octet = octet * 10 + code - 0x30;
      digits += 1;
      if (octet > 255) return undefined;
    }
  }
  return dots === 3 && digits > 0 ? BigInt(value * 256 + octet) : undefined;
}

/** `last`: a dotted quad may stand at the end (RFC 4291, section 2.2). */
function hextets(text: string, last: boolean): readonly bigint[] | undefined {
  if (text === '') return [];
  const words: bigint[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (last && index === parts.length - 1 && part.includes('.')) {
      const tail = parseIpv4(part);
      if (tail === undefined) return undefined;
      words.push(tail >> 16n, tail & 0xffffn);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      words.push(BigInt(`0x${part}`));
    } else {
      return undefined;
    }
  }
  return words;
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = hextets(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? hextets(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const given = head.length + tail.length;
  if (halves.length === 1 ? given !== 8 : given > 7) return undefined;
  const words = [...head, ...new Array<bigint>(8 - given).fill(0n), ...tail];
  return words.reduce((value, word) => (value << 16n) | word, 0n);
}

/** Reads a dotted quad or RFC 4291 text; undefined when it is neither. */
export function parseIp(text: string): Ip | undefined {
  if (text.length > 45) return undefined;
  const family = text.includes(':') ? 6 : 4;
  const value = family === 6 ? parseIpv6(text) : parseIpv4(text);
  return value === undefined ? undefined : { family, value };
}

/** Dotted quad, or RFC 5952 text (lower case, the longest run of two or more zero words as `::`, the first on a tie). */
export function formatIp(ip: Ip): string {
  if (ip.family === 4) {
    const value = Number(ip.value);
    return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
  }
  const words = Array.from({ length: 8 }, (_, i) => ((ip.value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  let best = { at: 0, length: 0 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (words[at + length] === '0') length++;
    if (length > best.length) best = { at, length };
  }
  if (best.length < 2) return words.join(':');
  return `${words.slice(0, best.at).join(':')}::${words.slice(best.at + best.length).join(':')}`;
}

/** Reads `address/prefix`; undefined when either part is wrong or missing. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', length = '', ...rest] = text.split('/');
  const ip = parseIp(address);
  if (ip === undefined || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const prefix = Number(length);
  return prefix > bitsOf(ip.family) ? undefined : { ip, prefix };
}

export const formatCidr = (cidr: Cidr): string => `${formatIp(cidr.ip)}/${cidr.prefix}`;

const hostBits = (cidr: Cidr): bigint => (1n << BigInt(bitsOf(cidr.ip.family) - cidr.prefix)) - 1n;

/** The network an interface address lies in: host bits cleared. */
export function networkOf(cidr: Cidr): Cidr {
  return { ip: { family: cidr.ip.family, value: cidr.ip.value & ~hostBits(cidr) }, prefix: cidr.prefix };
}

export const sameIp = (left: Ip, right: Ip): boolean => left.family === right.family && left.value === right.value;

/** Whether `ip` lies in the network of `cidr`. */
export function contains({ ip: own, prefix }: Cidr, ip: Ip): boolean {
  if (own.family !== ip.family) return false;
  const host = BigInt(bitsOf(own.family) - prefix);
  return own.value >> host === ip.value >> host;
}

/** Whether two networks share any address. */
export const overlaps = (left: Cidr, right: Cidr): boolean =>
  left.prefix <= right.prefix ? contains(left, right.ip) : contains(right, left.ip);

/**
 * Whether an address may be given to a host in its own network: not the network's own address and not its broadcast
 * (RFC 1122, section 3.2.1.3); /31 and /32 have neither (RFC 3021).
 */
export function isHost(cidr: Cidr): boolean {
  if (cidr.ip.family === 6 || cidr.prefix >= 31) return true;
  const host = cidr.ip.value & hostBits(cidr);
  return host !== 0n && host !== hostBits(cidr);
}

/** Whether an IPv4 or IPv6 address is an ordinary one: not 0/8, loopback, multicast, class E or unspecified. */
export function isUnicast(ip: Ip): boolean {
  if (ip.family === 6) return ip.value > 1n && ip.value >> 120n !== 0xffn;
  const first = ip.value >> 24n;
  return first > 0n && first < 224n && first !== 127n;
}
