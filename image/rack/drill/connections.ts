import { connect, type Socket } from 'node:net';
import { paceOf, type Thin, TICK } from './pace.ts';
import { everyMs, hurry, now, options, round, say, serve } from './program.ts';
import { percentile, StallMeter } from './stall.ts';

/**
 * Runs in the client's namespace: long-lived TCP connections through the VIP to an echo service, each exchanging one
 * byte every 200 ms, at most one on the way; more than 100 of them, or thinned, less often (pace.ts). A connection is lost when it is
 * reset, closed, answers with a wrong byte, or when a byte stayed out for `LOST_AFTER`; a stall that TCP repaired is
 * none, but it is told.
 */
export interface ConnectionsOptions {
  readonly host: string;
  readonly port: number;
  /** 1 to 1000. */
  readonly count: number;
  readonly thin: Thin;
}

export interface ConnectionsReport {
  readonly held: number;
  readonly lost: number;
  /** Of the lost ones, by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Exchanges that took longer than `STALLED`: when the byte went and how long it was out, ms. The latest `MAX_STALLS`. */
  readonly stalls: readonly (readonly [sent: number, ms: number])[];
  readonly exchanged: number;
  readonly late_p99_ms: number;
  readonly scheduling: string;
}

/** Slots from one opening to the next, so that a box that is not warm meets them one by one, or five at once of 1000. */
const OPEN_EVERY = 2;
const LOST_AFTER = 10_000;
const MAX_LATES = 60_000;
const MAX_STALLS = 5000;
/** Exchanges each connection must have done before the first `steady`. */
const WARM = 5;
/** A byte out for longer than this, ms, is a stall and breaks the quiet. */
const STALLED = 200;

interface Line {
  readonly socket: Socket;
  readonly since: number;
  open: boolean;
  lost: string | undefined;
  exchanged: number;
  /** The byte on the way, when it went and the stall total then. */
  out: { readonly byte: number; readonly at: number; readonly stall: number } | undefined;
}

const { host, port, count, thin } = options<ConnectionsOptions>();
if (!(Number.isInteger(count) && count >= 1 && count <= 1000)) throw new Error(`count is 1 to 1000, not ${count}`);
const { slots, openAtOnce } = paceOf(count, thin);
const scheduling = hurry();
const meter = new StallMeter(TICK, now());
const lines: Line[] = [];
const lates: number[] = [];
const stalls: (readonly [number, number])[] = [];
let quiet = { since: now(), ms: 1000, told: false };

function lose(line: Line, reason: string): void {
  if (line.lost !== undefined) return;
  line.lost = reason;
  line.out = undefined;
  line.socket.destroy();
  quiet.since = Math.max(quiet.since, now());
}

function open(): Line {
  const socket = connect({ host, port, noDelay: true });
  const line: Line = { socket, since: now(), open: false, lost: undefined, exchanged: 0, out: undefined };
  socket.on('connect', () => {
    line.open = true;
  });
  socket.on('data', (bytes) => receive(line, bytes));
  socket.on('error', (error: NodeJS.ErrnoException) => lose(line, error.code ?? 'error'));
  socket.on('close', () => lose(line, 'closed'));
  return line;
}

function waiting(out: NonNullable<Line['out']>, at: number): number {
  return at - out.at - (meter.total(at) - out.stall);
}

function receive(line: Line, bytes: Buffer): void {
  if (line.out === undefined || bytes.length !== 1 || bytes[0] !== line.out.byte) {
    lose(line, 'wrong byte');
    return;
  }
  const wait = waiting(line.out, now());
  if (wait > STALLED) {
    stalls.push([round(line.out.at), round(wait)]);
    if (stalls.length > MAX_STALLS) stalls.shift();
  }
  line.out = undefined;
  line.exchanged++;
}

function exchange(line: Line, at: number): void {
  if (line.lost !== undefined) return;
  if (!line.open) {
    if (at - line.since > LOST_AFTER) lose(line, 'never opened');
    return;
  }
  if (line.out !== undefined) {
    const wait = waiting(line.out, at);
    if (wait > STALLED) quiet.since = Math.max(quiet.since, at);
    if (wait > LOST_AFTER) lose(line, `no answer in ${LOST_AFTER / 1000} s`);
    return;
  }
  const byte = line.exchanged % 256;
  line.out = { byte, at, stall: meter.total(at) };
  line.socket.write(Uint8Array.of(byte));
}

function tick(slot: number, scheduled: number, at: number): void {
  meter.tick(at);
  lates.push(at - scheduled);
  if (lates.length > MAX_LATES) lates.splice(0, MAX_LATES / 10);
  if (slot % OPEN_EVERY === 0) {
    for (let i = 0; i < openAtOnce && lines.length < count; i++) lines.push(open());
  }
  for (let i = slot % slots; i < lines.length; i += slots) exchange(lines[i]!, at);
  const warm = lines.length === count && lines.every((line) => line.lost !== undefined || line.exchanged >= WARM);
  if (!warm) quiet.since = at;
  if (!quiet.told && at - quiet.since >= quiet.ms) {
    quiet.told = true;
    say({ event: 'steady' });
  }
}

function report(): ConnectionsReport {
  const reasons: Record<string, number> = {};
  for (const line of lines) if (line.lost !== undefined) reasons[line.lost] = (reasons[line.lost] ?? 0) + 1;
  const lost = lines.filter((line) => line.lost !== undefined).length;
  const at = now();
  const out = lines.flatMap((line) => (line.out && waiting(line.out, at) > STALLED ? [line.out] : []));
  return {
    held: lines.length - lost,
    lost,
    reasons,
    stalls: [...stalls, ...out.map((byte) => [round(byte.at), round(waiting(byte, at))] as const)],
    exchanged: lines.reduce((sum, line) => sum + line.exchanged, 0),
    late_p99_ms: round(percentile(lates, 0.99)),
    scheduling,
  };
}

serve({
  mark: (ms) => {
    quiet = { since: now(), ms, told: false };
  },
  report,
});
let slot = 0;
everyMs(TICK, (scheduled, at) => tick(slot++, scheduled, at));
