import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect } from 'node:net';
import { PATIENCE, type Probe } from './measure.ts';
import type { Thin } from './pace.ts';
import { everyMs, hurry, now, options, round, say, serve } from './program.ts';
import { percentile, StallMeter } from './stall.ts';

/**
 * Runs in the client's namespace: a fresh TCP request every 10 ms and a numbered UDP datagram every 5 ms through the
 * VIP, or thinned one of so many. What its records mean is measure.ts.
 */
export interface ProberOptions {
  readonly host: string;
  /** Answers `GET /` with status 200 and a `Content-Length`. */
  readonly tcpPort: number;
  /** Echoes datagrams. */
  readonly udpPort: number;
  readonly thin: Thin;
}

/** One row: sequence, send time ms, net wait ms or null. */
export type ProbeRow = readonly [sequence: number, sent: number, waited: number | null];

export interface ProberReport {
  readonly tcp: { readonly period: number; readonly rows: readonly ProbeRow[] };
  readonly udp: { readonly period: number; readonly rows: readonly ProbeRow[] };
  /** Requests without a good answer, by reason. */
  readonly failures: Readonly<Record<string, number>>;
  readonly late_p99_ms: number;
  readonly late_max_ms: number;
  readonly scheduling: string;
  /** Rows that no longer fitted and were forgotten, oldest first. */
  readonly forgotten: number;
}

const TICK = 5;
const TCP_EVERY = 2;
const TIMEOUT = 1000;
/** ms of each step of the ramp; nothing is quiet before its end. */
const RAMP = 1500;
/** Ten minutes of datagrams: two starts of a box, and what is waited for around them. */
const MAX_ROWS = 120_000;
const MAX_FLIGHT = 150;
const MAX_ANSWER = 4096;
const MAX_REASONS = 16;
/** Source ports in turn, because the scheduler chooses a server for each source port once. */
const UDP_PORTS = 6;
const MAGIC = 0x54414e44;

type Live = { -readonly [K in keyof Probe]: Probe[K] } & { stallAtSend: number; decided: boolean };

const { host, tcpPort, udpPort, thin: share } = options<ProberOptions>();
const scheduling = hurry();
const started = now();
const meter = new StallMeter(TICK, started);
const kept: Record<'tcp' | 'udp', Live[]> = { tcp: [], udp: [] };
const flying: Record<'tcp' | 'udp', Map<number, Live>> = { tcp: new Map(), udp: new Map() };
const failures: Record<string, number> = {};
const lates: number[] = [];
let forgotten = 0;
const sequence = { tcp: 0, udp: 0 };
const abort = new Map<number, () => void>();
let quiet = { since: now(), ms: 1000, answered: { tcp: 0, udp: 0 }, told: false };

function launch(kind: 'tcp' | 'udp', at: number): Live {
  const probe: Live = {
    sequence: sequence[kind]++,
    sent: at,
    waited: undefined,
    stallAtSend: meter.total(at),
    decided: false,
  };
  kept[kind].push(probe);
  if (kept[kind].length > MAX_ROWS) {
    kept[kind].splice(0, MAX_ROWS / 10);
    forgotten += MAX_ROWS / 10;
  }
  flying[kind].set(probe.sequence, probe);
  return probe;
}

/** Net of the time in which this process did not run. */
function waiting(probe: Live, at: number): number {
  return at - probe.sent - (meter.total(at) - probe.stallAtSend);
}

/** `reason` undefined = the whole answer is here. The first verdict on a probe stands. */
function decide(kind: 'tcp' | 'udp', probe: Live, reason?: string): void {
  if (probe.decided) return;
  probe.decided = true;
  flying[kind].delete(probe.sequence);
  if (reason === undefined) {
    probe.waited = Math.max(0, waiting(probe, now()));
    if (probe.waited <= PATIENCE) {
      if (probe.sent >= quiet.since) quiet.answered[kind]++;
      return;
    }
  }
  troubled(probe.sent);
  const name = `${kind} ${reason ?? 'late'}`;
  if (name in failures || Object.keys(failures).length < MAX_REASONS) failures[name] = (failures[name] ?? 0) + 1;
}

function troubled(sent: number): void {
  if (sent < quiet.since) return;
  quiet.since = sent;
  quiet.answered = { tcp: 0, udp: 0 };
}

function tcp(at: number): void {
  if (flying.tcp.size >= MAX_FLIGHT) return;
  const probe = launch('tcp', at);
  let answer = '';
  const socket = connect({ host, port: tcpPort, noDelay: true });
  socket.setEncoding('latin1');
  socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  socket.on('data', (text: string) => {
    if (answer.length < MAX_ANSWER) answer += text;
    // Kept alive and reset as soon as all is there: fewer segments for the routers, and no entry that lives on for minutes.
    if (!isWhole(answer)) return;
    decide('tcp', probe);
    socket.resetAndDestroy();
  });
  socket.on('end', () => decide('tcp', probe, 'bad answer'));
  socket.on('error', (error: NodeJS.ErrnoException) => decide('tcp', probe, error.code ?? 'error'));
  socket.on('close', () => decide('tcp', probe, 'closed'));
  abort.set(probe.sequence, () => socket.destroy());
}

/** Status 200 and as long as its `Content-Length` says. */
function isWhole(answer: string): boolean {
  const head = answer.indexOf('\r\n\r\n');
  const length = /^HTTP\/1\.[01] 200 [\s\S]*\r\ncontent-length: (\d+)/i.exec(answer.slice(0, Math.max(0, head)))?.[1];
  return length !== undefined && answer.length >= head + 4 + Number(length);
}

const sockets: UdpSocket[] = [];
function udpSocket(): UdpSocket {
  const socket = createSocket('udp4');
  socket.on('message', (bytes) => {
    if (bytes.length !== 8 || bytes.readUInt32BE(0) !== MAGIC) return;
    const probe = flying.udp.get(bytes.readUInt32BE(4));
    if (probe !== undefined) decide('udp', probe);
  });
  // A refused datagram of an earlier send; the unanswered probe itself is the record.
  socket.on('error', () => {});
  socket.connect(udpPort, host);
  return socket;
}

function udp(at: number): void {
  if (flying.udp.size >= 2 * MAX_FLIGHT + 20) return;
  const probe = launch('udp', at);
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(MAGIC, 0);
  bytes.writeUInt32BE(probe.sequence, 4);
  // A send that the kernel refuses leaves the probe unanswered, which is what the client saw.
  sockets[probe.sequence % UDP_PORTS]!.send(bytes, () => {});
}

/** Gives up on what waited too long; one that is past patience already breaks the quiet. */
function sweep(kind: 'tcp' | 'udp', at: number): void {
  for (const probe of flying[kind].values()) {
    const wait = waiting(probe, at);
    if (wait <= PATIENCE) break;
    troubled(probe.sent);
    if (wait > TIMEOUT) decide(kind, probe, 'timeout');
  }
}

/** A box that is not warm must not meet everything at once: an eighth of the probes, a quarter, half, all. */
const ramp = (at: number): number => 2 ** Math.max(0, 3 - Math.floor((at - started) / RAMP));

function tick(slot: number, scheduled: number, at: number): void {
  meter.tick(at);
  lates.push(at - scheduled);
  if (lates.length > MAX_ROWS) lates.splice(0, MAX_ROWS / 10);
  const ramping = ramp(at);
  const thin = share * ramping;
  if (slot % thin === 0) udp(at);
  if (slot % (thin * TCP_EVERY) === 0) tcp(now());
  if (ramping > 1) quiet.since = at;
  sweep('tcp', at);
  sweep('udp', at);
  for (const [number, end] of abort) {
    if (flying.tcp.has(number)) continue;
    end();
    abort.delete(number);
  }
  const clean = quiet.answered.tcp > 0 && quiet.answered.udp > 0 && at - quiet.since >= quiet.ms + PATIENCE;
  if (clean && !quiet.told) {
    quiet.told = true;
    say({ event: 'steady' });
  }
}

/** Without those of which nothing can be said yet. One past patience is unanswered, whatever still comes. */
const rows = (probes: readonly Live[], at = now()): ProbeRow[] =>
  probes
    .filter((probe) => probe.decided || waiting(probe, at) > PATIENCE)
    .map((probe) => [probe.sequence, round(probe.sent), probe.waited === undefined ? null : round(probe.waited)]);

const report = (): ProberReport => ({
  tcp: { period: TICK * TCP_EVERY * share, rows: rows(kept.tcp) },
  udp: { period: TICK * share, rows: rows(kept.udp) },
  failures,
  late_p99_ms: round(percentile(lates, 0.99)),
  late_max_ms: round(percentile(lates, 1)),
  scheduling,
  forgotten,
});

serve({
  mark: (ms) => {
    quiet = { since: now(), ms, answered: { tcp: 0, udp: 0 }, told: false };
  },
  report,
});

for (let i = 0; i < UDP_PORTS; i++) sockets.push(udpSocket());
await Promise.all(sockets.map((socket) => new Promise((done) => socket.once('connect', done))));
let slot = 0;
everyMs(TICK, (scheduled, at) => tick(slot++, scheduled, at));
