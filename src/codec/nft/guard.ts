import type { Allowed, Guard, Listening } from '../../model/guard.ts';

/**
 * The table of the firewall and of outbound masquerading, as nft(8) prints it with `--stateless --numeric`: what is read back
 * is compared with what was written, word by word.
 *
 * Packets to services and from real servers are excepted from connection tracking first (raw, before conntrack's own hook):
 * IPVS keeps its own table, and netfilter following along would halve the packet rate. IPVS takes clients' packets at
 * LOCAL_IN, priority 99, behind the input chain here, and sends them on by LOCAL_OUT; replies pass FORWARD and are rewritten
 * at priority 100, behind the forward chain here (net/netfilter/ipvs/ip_vs_core.c).
 */
export const GUARD_TABLE = 'inet tandem-firewall';

/** Echo requests that are answered on the public side, of each family. */
const ECHOES = 'limit rate 100/second burst 100 packets accept';

/** IANA numbers, as `--numeric` prints them. */
const NUMBERS = { tcp: 6, udp: 17, sctp: 132 } as const;

type Lines = readonly string[];

const chain = (name: string, hook: string, lines: Lines): Lines =>
  lines.length === 0 ? [] : [`chain ${name} {`, `type ${hook}; policy accept;`, ...lines, '}'];

/** `{ a, b }`, or the one word alone: nft prints a set of one as what is in it. */
const anyOf = (words: readonly (string | number)[]): string =>
  words.length === 1 ? `${words[0]}` : `{ ${words.join(', ')} }`;

const isSix = (address: string): boolean => address.includes(':');

/** nft prints the network of one host without its length. */
const networkWord = (cidr: string): string => cidr.replace(isSix(cidr) ? /\/128$/ : /\/32$/, '');

const elementOf = ({ address, protocol, first, last }: Listening): string =>
  `${address} . ${NUMBERS[protocol]} . ${first === last ? first : `${first}-${last}`}`;

/** A set of single ports alone is a hash: the kernel's sets of ranges cost each packet several times as much. */
function set(name: string, all: readonly Listening[], family: 4 | 6): Lines {
  const entries = all.filter(({ address }) => isSix(address) === (family === 6));
  const elements = entries.map(elementOf);
  return [
    `set ${name}${family} {`,
    `type ipv${family}_addr . inet_proto . inet_service`,
    ...(entries.some(({ first, last }) => first !== last) ? ['flags interval'] : []),
    ...(elements.length === 0 ? [] : [`elements = { ${[...new Set(elements)].toSorted().join(', ')} }`]),
    '}',
  ];
}

const allowed = ({ protocol, ports, from }: Allowed): string =>
  `${isSix(from[0] ?? '') ? 'ip6' : 'ip'} saddr ${anyOf(from.map(networkWord))} ${protocol} dport ${anyOf(ports)} accept`;

function inputRules({ devices, firewall }: Guard): Lines {
  if (firewall === undefined) return [];
  const { allow, marks, beats } = firewall;
  return [
    `iifname != ${quoted(devices)} accept`,
    'ip daddr . meta l4proto . th dport @served4 accept',
    'ip6 daddr . meta l4proto . th dport @served6 accept',
    'ct state 0x2,0x4 accept',
    ...(marks.length === 0 ? [] : [`meta mark ${anyOf(marks.map(markWord))} accept`]),
    ...ERRORS,
    `icmp type 8 ${ECHOES}`,
    `icmpv6 type 128 ${ECHOES}`,
    ...(beats === undefined ? [] : [`ip saddr ${beats.from} udp dport ${beats.port} accept`]),
    ...allow.map(allowed),
    'counter drop',
  ];
}

/** Errors that a path needs (RFC 4890, 4.3.1), and IPv6's neighbour discovery. */
const ERRORS: Lines = ['icmp type { 3, 11, 12 } accept', 'icmpv6 type { 1, 2, 3, 4, 133, 134, 135, 136 } accept'];

const markWord = (mark: number): string => `0x${mark.toString(16).padStart(8, '0')}`;

const quoted = (devices: readonly string[]): string => anyOf(devices.map((device) => `"${device}"`));

const forwardRules = ({ devices, firewall }: Guard): Lines =>
  firewall === undefined
    ? []
    : [`iifname != ${quoted(devices)} accept`, 'ct state 0x2,0x4 accept', ...ERRORS, 'counter drop'];

/** The table's text; undefined when the document asks for neither. */
export function guardText(guard: Guard): string | undefined {
  const { served, servers, outbound, firewall, devices } = guard;
  if (firewall === undefined && outbound === undefined) return undefined;
  // The first that fits ends the chain: each rule is a look into a set.
  const raw = [
    'ip daddr . meta l4proto . th dport @served4 notrack accept',
    'ip saddr . meta l4proto . th sport @servers4 notrack accept',
    'ip6 daddr . meta l4proto . th dport @served6 notrack accept',
    'ip6 saddr . meta l4proto . th sport @servers6 notrack accept',
  ];
  const nat = (outbound?.ways ?? []).flatMap(({ from, to }) => {
    const [ip, at] = isSix(to) ? ['ip6', `[${to}]`] : ['ip', to];
    const who = `oifname ${quoted(devices)} ${ip} saddr ${anyOf(from.map(networkWord))}`;
    return [`${who} meta l4proto { 6, 17 } snat ${ip} to ${at}:${outbound?.ports}`, `${who} snat ${ip} to ${to}`];
  });
  return [
    `table ${GUARD_TABLE} {`,
    ...([4, 6] as const).flatMap((family) => [...set('served', served, family), ...set('servers', servers, family)]),
    ...chain('raw', 'filter hook prerouting priority -300', raw),
    ...chain('input', 'filter hook input priority 0', inputRules(guard)),
    ...chain('forward', 'filter hook forward priority 0', forwardRules(guard)),
    ...chain('postrouting', 'nat hook postrouting priority 100', nat),
    '}',
  ].join('\n');
}

/** A listing and a text of ours that mean the same are the same: blanks, line breaks, and the order within braces count nothing. */
export function normalTable(listing: string): string {
  const flat = listing.replaceAll(/\s+/g, ' ').trim();
  return flat.replaceAll(/\{ ([^{};]*) \}/g, (_, inner: string) => `{ ${inner.split(', ').toSorted().join(', ')} }`);
}

/** One transaction: the old table goes and the new one comes, or nothing changes. @param text undefined = none is wanted */
export const guardScript = (text: string | undefined): string =>
  `add table ${GUARD_TABLE}\ndelete table ${GUARD_TABLE}\n${text ?? ''}\n`;
