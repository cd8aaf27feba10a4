import { createSocket } from 'node:dgram';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { everyMs, now, round } from '../drill/program.ts';
import { answer, options, say } from './answers.ts';

/**
 * Clients of a pair whose services are changed: requests, datagrams and long-lived connections through the services that
 * nobody touches, and long-lived connections through those that come and go. It measures no outage: whoever is served late
 * is served. What fails is a request without a good answer for `PATIENCE`, and a connection that ends by itself.
 */
export interface LoadOptions {
  readonly host: string;
  readonly httpPort: number;
  readonly udpPort: number;
  readonly echoPort: number;
}

export interface LoadReport {
  /** Through the services that nobody touches, those on the way not counted. */
  readonly requests: number;
  readonly datagrams: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly connections: { readonly held: number; readonly lost: number };
  /** Through the services that come and go: answered exchanges, connections that are there, and those that ended by themselves. */
  readonly touched: { readonly exchanges: number; readonly held: number; readonly opened: number };
  readonly cuts: readonly { readonly server: string; readonly at: number; readonly how: string }[];
  /** Cuts that no longer fitted. */
  readonly uncounted: number;
}

/** ms. */
const PERIOD = 50;
const PATIENCE = 5000;
/** Exchange on each long-lived connection; a real server closes one that is idle for 5 s. */
const EXCHANGE = 500;
/** Long-lived echo connections through the untouched service. */
const HELD = 20;
/** Connections through each service that comes and goes; a new one at most every second. */
const EACH = 5;
const OPEN_EVERY = 1000;
/** A client of theirs leaves by itself after that, ms, so that what drains can be empty. */
const STAY = [20_000, 90_000] as const;
/**
 * Their own ports, below the ephemeral ones (Linux: from 32768 on): LVS-NAT leaves a client's port as it is, so that two of its
 * connections from one port, by two services to one port of one real server, are the same to that server, and one is reset.
 */
const GUEST_PORTS = { first: 20_000, count: 10_000 } as const;
const MAX_REASONS = 16;
const MAX_CUTS = 2000;
const MAX_STAYING = 200;
const MAX_ANSWER = 4096;

const { host, httpPort, udpPort, echoPort } = options<LoadOptions>();
let requests = 0;
let datagrams = 0;
let exchanges = 0;
let opened = 0;
let uncounted = 0;
const failures: Record<string, number> = {};
const cuts: LoadReport['cuts'][number][] = [];

function fail(reason: string): void {
  if (reason in failures || Object.keys(failures).length < MAX_REASONS) failures[reason] = (failures[reason] ?? 0) + 1;
}

function request(): void {
  let decided = false;
  const decide = (reason?: string): void => {
    if (decided) return;
    decided = true;
    requests += 1;
    if (reason !== undefined) fail(`http ${reason}`);
  };
  const asked = get({ host, port: httpPort, agent: false, timeout: PATIENCE }, (response) => {
    response.resume();
    response.on('end', () => decide(response.statusCode === 200 ? undefined : String(response.statusCode)));
  });
  asked.on('timeout', () => {
    decide('no answer');
    asked.destroy();
  });
  asked.on('error', (error: NodeJS.ErrnoException) => decide(error.code ?? 'error'));
}

const udp = createSocket('udp4');
const flying = new Map<number, number>();
let number = 0;
udp.on('message', (bytes) => {
  if (bytes.length === 4 && flying.delete(bytes.readUInt32BE())) datagrams += 1;
});
udp.on('error', () => {});

function datagram(at: number): void {
  for (const [which, sent] of flying) {
    if (at - sent <= PATIENCE) break;
    flying.delete(which);
    datagrams += 1;
    fail('udp no answer');
  }
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  flying.set(number, at);
  number = (number + 1) % 2 ** 32;
  udp.send(bytes, udpPort, host, () => {});
}

interface Held {
  readonly socket: Socket;
  out: number | undefined;
  lost: boolean;
}

const held: Held[] = [];

function hold(): void {
  const line: Held = { socket: connect({ host, port: echoPort, noDelay: true }), out: undefined, lost: false };
  const lose = (reason: string): void => {
    if (line.lost) return;
    line.lost = true;
    fail(`connection ${reason}`);
  };
  line.socket.on('data', () => {
    line.out = undefined;
  });
  line.socket.on('error', (error: NodeJS.ErrnoException) => lose(error.code ?? 'error'));
  line.socket.on('close', () => lose('closed'));
  held.push(line);
}

function exchange(line: Held, at: number): void {
  if (line.lost) return;
  if (line.out === undefined) {
    line.out = at;
    line.socket.write(Uint8Array.of(1));
  } else if (at - line.out > 2 * PATIENCE) {
    line.socket.destroy(Object.assign(new Error('no answer'), { code: 'no answer' }));
  }
}

/** One connection through a service that comes and goes; the server says in each answer who it is. */
interface Guest {
  readonly service: string;
  readonly socket: Socket;
  readonly leaves: number;
  server: string | undefined;
  /** The answer as far as it is here, and when it was asked for; undefined between two exchanges. */
  asked: { readonly at: number; text: string } | undefined;
  gone: boolean;
}

const guests = new Set<Guest>();
/** Port of each service that has clients. */
const watched = new Map<string, number>();
const sum = (of: (guest: Guest) => boolean): number => [...guests].filter(of).length;

/** @param how it ended by itself; undefined: its client leaves. */
function part(guest: Guest, how: string | undefined): void {
  if (guest.gone) return;
  guest.gone = true;
  guests.delete(guest);
  guest.socket.destroy();
  // One that was never served had no server to be cut from.
  if (how === undefined || guest.server === undefined) return;
  if (cuts.length < MAX_CUTS) cuts.push({ server: `${guest.service}/${guest.server}`, at: round(now()), how });
  else uncounted += 1;
}

function welcome(service: string, port: number, at: number): void {
  const [least, most] = STAY;
  const localPort = GUEST_PORTS.first + (opened % GUEST_PORTS.count);
  const socket = connect({ host, port, localPort, noDelay: true });
  const leaves = at + least + ((opened * 7919) % (most - least));
  const guest: Guest = { service, socket, leaves, server: undefined, asked: undefined, gone: false };
  opened += 1;
  guests.add(guest);
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => hear(guest, text));
  socket.on('error', (error: NodeJS.ErrnoException) => part(guest, error.code ?? 'error'));
  socket.on('close', () => part(guest, 'closed'));
  visit(guest, at);
}

function visit(guest: Guest, at: number): void {
  guest.asked = { at, text: '' };
  guest.socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
}

function hear(guest: Guest, text: string): void {
  const { asked } = guest;
  if (asked === undefined || asked.text.length > MAX_ANSWER) {
    part(guest, 'wrong answer');
    return;
  }
  asked.text += text;
  const [, length, body] =
    /^HTTP\/1\.1 200 [\s\S]*\r\ncontent-length: (\d+)[\s\S]*?\r\n\r\n([\s\S]*)$/i.exec(asked.text) ?? [];
  if (body === undefined || body.length < Number(length)) return;
  guest.server ??= body.split(/\s/)[0];
  guest.asked = undefined;
  exchanges += 1;
}

function tend(at: number): void {
  for (const guest of guests) {
    if (guest.asked !== undefined) {
      if (at - guest.asked.at > 2 * PATIENCE) part(guest, 'no answer');
    } else if (at > guest.leaves) part(guest, undefined);
    else visit(guest, at);
  }
}

answer({
  watch: ({ service, port }) => void watched.set(service as string, port as number),
  unwatch: ({ service }) => void watched.delete(service as string),
  report: (): LoadReport => ({
    ...{ requests, datagrams, failures },
    connections: { held: held.filter(({ lost }) => !lost).length, lost: held.filter(({ lost }) => lost).length },
    touched: { exchanges, held: sum(({ server }) => server !== undefined), opened },
    ...{ cuts, uncounted },
  }),
});

let slot = 0;
everyMs(PERIOD, (_, at) => {
  request();
  datagram(at);
  if (held.length < HELD) hold();
  const turn = slot % (EXCHANGE / PERIOD);
  for (let i = turn; i < held.length; i += EXCHANGE / PERIOD) exchange(held[i]!, at);
  if (turn === 0) tend(at);
  if (slot % (OPEN_EVERY / PERIOD) === 0) {
    for (const [service, port] of watched) {
      if (guests.size < MAX_STAYING && sum((guest) => guest.service === service) < EACH) welcome(service, port, at);
    }
  }
  slot += 1;
});
say({ event: 'asking' });
