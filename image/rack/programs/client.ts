import { connect } from 'node:net';
import { outages, type Probe } from '../drill/measure.ts';
import { everyMs, hurry, now } from '../drill/program.ts';
import { percentile, StallMeter } from '../drill/stall.ts';
import { answer, options, say } from './answers.ts';

/**
 * The client that never stops asking, for the live picture: a fresh request through the VIP every 50 ms. Too coarse to
 * measure with (the drills bring their own prober), fine to watch. What an outage is, measure.ts says.
 */
export interface ClientOptions {
  readonly host: string;
  readonly port: number;
}

/** Said once a second; `{"event":"answered"}` once, with the first answer since it asks. */
export interface Second {
  readonly event: 'second';
  /** Requests sent and answered in time in the last second that is decided. */
  readonly sent: number;
  readonly answered: number;
  /** Answers of each real server in that second. */
  readonly by: Readonly<Record<string, number>>;
  readonly medianMs: number;
  /** The last outage that is kept in mind (a quarter of an hour); `restored` false = it goes on. */
  readonly outage: { readonly ms: number; readonly agoMs: number; readonly restored: boolean } | undefined;
}

const PERIOD = 50;
const TIMEOUT = 1000;
const KEPT = (15 * 60 * 1000) / PERIOD;
const MAX_FLIGHT = TIMEOUT / PERIOD + 10;

type Live = { -readonly [K in keyof Probe]: Probe[K] } & { by: string | undefined };

const { host, port } = options<ClientOptions>();
hurry();
const meter = new StallMeter(PERIOD, now());
let probes: Live[] = [];
let flying = 0;
let sequence = 0;
let asking = true;
let restored = false;

function request(at: number): void {
  if (flying >= MAX_FLIGHT) return;
  flying++;
  const probe: Live = { sequence: sequence++, sent: at, waited: undefined, by: undefined };
  probes.push(probe);
  const stall = meter.total(at);
  let text = '';
  const socket = connect({ host, port, noDelay: true });
  const timer = setTimeout(() => socket.destroy(), TIMEOUT);
  socket.setEncoding('latin1');
  socket.write(`GET / HTTP/1.0\r\nHost: ${host}\r\n\r\n`);
  socket.on('data', (more: string) => {
    if (text.length < 1024) text += more;
  });
  socket.on('end', () => {
    if (!text.startsWith('HTTP/1.1 200 ')) return;
    const end = now();
    probe.waited = Math.max(0, end - at - (meter.total(end) - stall));
    probe.by = text.slice(text.indexOf('\r\n\r\n') + 4).split(' ')[0];
    if (!restored) say({ event: 'answered' });
    restored = true;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    clearTimeout(timer);
    flying--;
  });
}

function second(at: number): Second {
  // Old enough to be decided, and only what came after the first answer: a rack that boots has no outage.
  const decided = probes.filter((probe) => at - probe.sent > TIMEOUT || probe.waited !== undefined);
  const recent = probes.filter((probe) => at - probe.sent > TIMEOUT && at - probe.sent <= TIMEOUT + 1000);
  const answered = recent.filter((probe) => probe.waited !== undefined);
  const by: Record<string, number> = {};
  for (const probe of answered) by[probe.by ?? '?'] = (by[probe.by ?? '?'] ?? 0) + 1;
  const last = outages({ kind: 'tcp', period: PERIOD, probes: decided }).at(-1);
  return {
    event: 'second',
    sent: recent.length,
    answered: answered.length,
    by,
    medianMs: percentile(
      answered.map((probe) => probe.waited!),
      0.5,
    ),
    outage: last && { ms: last.ms, agoMs: at - last.to, restored: last.restored },
  };
}

answer({
  /** Stops and forgets, so that a drill measures alone. */
  pause: () => {
    asking = false;
    restored = false;
    probes = [];
  },
  resume: () => {
    asking = true;
  },
});

let ticks = 0;
everyMs(PERIOD, (_, at) => {
  meter.tick(at);
  if (asking) request(at);
  if (!restored) probes = probes.filter((probe) => at - probe.sent <= 2 * TIMEOUT);
  if (probes.length > KEPT) probes.splice(0, KEPT / 10);
  if (++ticks % (1000 / PERIOD) === 0) say(restored ? second(at) : { ...second(at), outage: undefined });
});
