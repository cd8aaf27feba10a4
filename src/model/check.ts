import * as z from 'zod';
import { choice, flag, type Meta, named, shaped, whole } from './fields.ts';
import type { Protocol } from './ipvs.ts';

/** How the real servers of a service are watched: one mapping, told apart by `type`. Rules between fields are checkRules.ts. */

/** Of one exchange with a real server, whatever it says. */
export const CHECK_LIMITS = {
  /** Bytes of a body that are read. */
  body: 65_536,
  /** Bytes of the answers of a line protocol (SMTP, agent), of a script's output and of a UDP answer that are read. */
  talk: 4_096,
  /** Arguments of a script, and characters of each. */
  args: 16,
  arg: 256,
} as const;

export const DNS_TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT'] as const;

const timing = {
  interval_ms: whole(50, 600_000, { title: 'interval', unit: 'ms', help: 'between two checks' }).default(1_000),
  timeout_ms: whole(10, 60_000, {
    title: 'timeout',
    unit: 'ms',
    help: 'after which a check has failed; at most the interval',
  }).default(500),
  rise: whole(1, 100, { title: 'rise', help: 'good checks in a row that bring a server back' }).default(2),
  fall: whole(1, 100, { title: 'fall', help: 'failed checks in a row that take a server out' }).default(2),
  // Without a default: documents that say nothing of it keep their digest from release to release.
  retry_ms: whole(50, 600_000, {
    title: 'retry',
    unit: 'ms',
    help: 'from a failed check to the next while the server still counts as up; without it an eighth of the interval',
  }).optional(),
};

const kind = <const T extends string>(word: T, help: string) =>
  z.literal(word, { error: `give ${word}` }).meta({ title: 'type', help });

const port = (help: string) => whole(1, 65_535, { title: 'port', help }).optional();
const ownPort = port('TCP port that is checked; without it the server’s own port');

/** One line of printable ASCII. */
const line = (longest: number, meta: Meta) =>
  shaped(new RegExp(`^[\\x20-\\x7e]{1,${longest}}$`), `1 to ${longest} printable ASCII characters`, meta);

const hostName = (meta: Meta) =>
  shaped(
    /^(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}))*\.?$/,
    'a host name, like www.example.org',
    meta,
  );

/** `200-299,301` as pairs; undefined when it is no such set. */
export function parseStatusSet(text: string): readonly (readonly [number, number])[] | undefined {
  const ranges: (readonly [number, number])[] = [];
  for (const part of text.split(',')) {
    const found = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(part);
    if (found === null) return undefined;
    const low = Number(found[1]);
    const high = Number(found[2] ?? low);
    if (high < low) return undefined;
    ranges.push([low, high]);
  }
  return ranges;
}

const STATUS_ERROR = 'give status codes from 100 to 599 and ranges of them, like 200-299,301';
const statusSet = z
  .string({ error: STATUS_ERROR })
  .max(200, { error: STATUS_ERROR })
  .refine((text) => parseStatusSet(text) !== undefined, { error: STATUS_ERROR })
  .meta({ title: 'status', help: 'HTTP status codes that are good, like 200-299,301; a redirect is not followed' });

const http = {
  port: ownPort,
  method: choice(['GET', 'HEAD', 'OPTIONS'], { title: 'method', help: 'of the request' }).default('GET'),
  path: shaped(/^\/[\x21-\x7e]{0,1023}$/, 'a path of at most 1024 printable ASCII characters, like /health', {
    title: 'path',
    help: 'that is asked for, with its query',
  }).default('/'),
  host: shaped(/^[\x21-\x7e]{1,260}$/, 'a host name or address, with a port if needed, like www.example.org', {
    title: 'host',
    help: 'in the request’s Host header; without it the server’s address and port',
  }).optional(),
  status: statusSet.default('200-299'),
  body_contains: z
    .string({ error: 'give 1 to 256 characters that the body contains' })
    .min(1, { error: 'give 1 to 256 characters that the body contains' })
    .max(256, { error: 'give 1 to 256 characters that the body contains' })
    .meta({
      title: 'body contains',
      help: `text that stands somewhere in the first ${CHECK_LIMITS.body} bytes of the body, as it is: no pattern`,
    })
    .optional(),
  body_sha256: shaped(/^[0-9a-f]{64}$/, 'a SHA-256 digest as 64 lower-case hexadecimal digits', {
    title: 'body digest',
    help: `SHA-256 of the whole body, which has at most ${CHECK_LIMITS.body} bytes then`,
  }).optional(),
};

const certificate = {
  sni: hostName({
    title: 'server name',
    help: 'asked for in the handshake (SNI, RFC 6066) and looked for in the certificate; without it none is sent',
  }).optional(),
  verify: flag({
    title: 'verify',
    help: 'the certificate is for this name or address, valid now, and of an authority that this box trusts',
  }).default(false),
  expiry_warning_days: whole(0, 365, {
    title: 'expiry warning',
    unit: 'days',
    help: 'before a certificate’s end the alarm certificate-ends is raised; 0 = never',
  }).default(14),
};

const encoding = choice(['text', 'hex'], {
  title: 'encoding',
  help: 'of `send` and `expect`: UTF-8 text, or bytes as hexadecimal digits',
}).default('text');

const payload = (title: string, help: string) =>
  z
    .string({ error: 'give 1 to 1024 characters' })
    .min(1, { error: 'give 1 to 1024 characters' })
    .max(1024, { error: 'give 1 to 1024 characters' })
    .meta({ title, help });

const argument = z
  .string({ error: `give text of at most ${CHECK_LIMITS.arg} printable ASCII characters` })
  .regex(new RegExp(`^[\\x20-\\x7e]{0,${CHECK_LIMITS.arg}}$`), {
    error: `give text of at most ${CHECK_LIMITS.arg} printable ASCII characters`,
  })
  .meta({ title: 'argument', help: 'given to the program as it is; no shell reads it' });

const kinds = [
  z
    .strictObject({
      type: kind('tcp', 'the server accepts a connection on its port. Default: tcp, for UDP none').optional(),
      port: port(
        'TCP port that is checked; without it the server’s own port. For UDP, a port that tells the server is alive',
      ),
      ...timing,
    })
    .meta({ title: 'tcp', help: 'a TCP connection is accepted' }),
  z
    .strictObject({ type: kind('none', 'the server always counts as up'), port: ownPort, ...timing })
    .meta({ title: 'none', help: 'no check' }),
  z
    .strictObject({ type: kind('http', 'an HTTP/1.1 request is answered as expected'), ...http, ...timing })
    .meta({ title: 'http', help: 'an HTTP request is answered with the right status and body' }),
  z
    .strictObject({ type: kind('https', 'as http, over TLS'), ...http, ...certificate, ...timing })
    .meta({ title: 'https', help: 'an HTTPS request is answered with the right status and body' }),
  z
    .strictObject({ type: kind('tls', 'a TLS handshake is completed'), port: ownPort, ...certificate, ...timing })
    .meta({ title: 'tls', help: 'a TLS handshake, nothing after it' }),
  z
    .strictObject({
      type: kind('dns', 'a DNS query over UDP is answered'),
      port: port('UDP port that is asked; without it the server’s own port'),
      name: hostName({ title: 'name', help: 'that is asked for' }),
      record: choice(DNS_TYPES, { title: 'record', help: 'type of the record that is asked for' }).default('A'),
      answer: line(256, {
        title: 'answer',
        help: 'that is among the records, as `dig +short` prints it; without it any record will do',
      }).optional(),
      ...timing,
    })
    .meta({ title: 'dns', help: 'a DNS query is answered with records' }),
  z
    .strictObject({
      type: kind('smtp', 'the server greets with 220 and answers HELO with 250'),
      port: ownPort,
      helo: hostName({ title: 'HELO', help: 'name that this box gives' }).default('tandem.invalid'),
      ...timing,
    })
    .meta({ title: 'smtp', help: 'a mail server’s greeting and its answer to HELO' }),
  z
    .strictObject({ type: kind('icmp', 'an echo request (ping) is answered'), ...timing })
    .meta({ title: 'icmp', help: 'the host answers a ping; says nothing of the service on it' }),
  z
    .strictObject({
      type: kind('udp', 'a datagram is answered, or at least not refused'),
      port: port('UDP port that is checked; without it the server’s own port'),
      send: payload('send', 'content of the datagram'),
      expect: payload(
        'expect',
        'that the answer begins with; without it silence is good and a refusal is not',
      ).optional(),
      encoding,
      ...timing,
    })
    .meta({ title: 'udp', help: 'a datagram; ICMP port unreachable means down' }),
  z
    .strictObject({
      type: kind('script', 'a program of /etc/tandem/checks ends with 0'),
      program: named({ title: 'program', help: 'name of a file in /etc/tandem/checks; it runs locked down' }),
      args: z
        .array(argument, { error: `give a list of at most ${CHECK_LIMITS.args} arguments` })
        .max(CHECK_LIMITS.args, { error: `give at most ${CHECK_LIMITS.args} arguments` })
        .meta({ title: 'arguments', help: 'of the program, after the server’s address and port' })
        .default([]),
      ...timing,
    })
    .meta({ title: 'script', help: 'a program of your own judges; address and port are its first two arguments' }),
  z
    .strictObject({
      type: kind('agent', 'a load agent on the server says a weight'),
      port: whole(1, 65_535, { title: 'port', help: 'TCP port of the agent' }),
      send: line(256, {
        title: 'send',
        help: 'line that is sent to the agent first; without it nothing is',
      }).optional(),
      ...timing,
    })
    .meta({
      title: 'agent',
      help: 'the agent’s line (HAProxy agent-check): "75%" of the weight, "up", "down", "drain"; no percentage = 100 %',
    }),
] as const;

/** In the order in which they are told. */
export const CHECK_TYPES = [
  'tcp',
  'http',
  'https',
  'tls',
  'dns',
  'smtp',
  'icmp',
  'udp',
  'script',
  'agent',
  'none',
] as const;

export const checkSchema = z
  .discriminatedUnion('type', kinds, { error: `give one of: ${CHECK_TYPES.join(', ')}` })
  .meta({ title: 'check', help: 'how the real servers of this service are watched' });

/** As written: no type means tcp, and none for UDP. */
export type WrittenCheck = z.output<typeof checkSchema>;
type Typed<C> = C extends { type?: infer T } ? Omit<C, 'type'> & { type: NonNullable<T> } : never;
export type Check = Typed<WrittenCheck>;
export type CheckType = Check['type'];

type Timing = 'interval_ms' | 'timeout_ms' | 'rise' | 'fall' | 'retry_ms' | 'port';
type Asked<C> = C extends { type: 'none' } ? never : Omit<C, Timing>;
/** What is asked of a server, apart from where and when. */
export type Question = Asked<Check>;
export type QuestionOf<T extends Question['type']> = Extract<Question, { type: T }>;

export function fillCheck(written: WrittenCheck, protocol: Protocol): Check {
  if (written.type !== undefined) return written as Check;
  return { ...written, type: protocol === 'tcp' ? 'tcp' : 'none' };
}

/** It asks a port, which may be another than the server's. */
export const takesPort = (check: Check): check is Exclude<Check, { type: 'none' | 'icmp' | 'script' }> =>
  check.type !== 'none' && check.type !== 'icmp' && check.type !== 'script';

/** The question of a check; undefined for `none`. */
export function questionOf(check: Check): Question | undefined {
  if (check.type === 'none') return undefined;
  const { interval_ms, timeout_ms, rise, fall, retry_ms, ...rest } = check;
  const { port: _port, ...question } = rest as typeof rest & { port?: number };
  return question as Question;
}
