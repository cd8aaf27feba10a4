import { type ClaimRow, claimKinds } from './ownership.ts';
import { BETWEEN_QUESTIONS } from './pace.ts';
import { everyMs, hurry, now, options, round, say, serve } from './program.ts';
import { dotted, macAt, Sniffer, spokenAs } from './sniffer.ts';
import { percentile } from './stall.ts';

/**
 * Runs beside one bridge and asks every `BETWEEN_QUESTIONS`, who has the float? Each question is an ordinary ARP request from an
 * address that nobody uses: it claims nothing, and it is not the probe from 0.0.0.0 that a router which is about to
 * take the float must give way to (RFC 5227). All it leaves is one neighbour entry at the owner. The sender's hardware
 * address carries the question's number: whoever answers says by it which question it answers, however long that answer
 * lay in a queue. Bridges do not learn those addresses, they do not learn from frames of their own host.
 */
export interface WatcherOptions {
  readonly device: string;
  readonly float: string;
  /** On the float's network and used by nobody. */
  readonly asker: string;
}

export interface WatcherReport {
  readonly macs: readonly string[];
  readonly claims: readonly ClaimRow[];
  /** The longest time without a question beyond the period, ms: an overlap that short could hide there. */
  readonly blind_ms: number;
  readonly late_p99_ms: number;
  /** Claims that no longer fitted. */
  readonly unrecorded: number;
  readonly scheduling: string;
}

const MAX_CLAIMS = 100_000;
const MAX_MACS = 255;
/** First two bytes of the asking hardware addresses: locally administered, unicast. */
const ASKER = [0x02, 0x57];

const { device, float, asker } = options<WatcherOptions>();
const scheduling = hurry();
const sniffer = new Sniffer(device, spokenAs(float));
const sentAt = new Map<number, number>();
const macs: string[] = [];
const claims: ClaimRow[] = [];
const lates: number[] = [];
let unrecorded = 0;
let question = 0;
let lastSent: number | undefined;
let blind = 0;
let quiet: { since: number; ms: number; told: boolean; owner: string | undefined };
quiet = { since: now(), ms: 1000, told: false, owner: undefined };

function ask(at: number): void {
  question++;
  const frame = new Uint8Array(42);
  const view = new DataView(frame.buffer);
  frame.fill(0xff, 0, 6);
  const from = [...ASKER, question >>> 24, (question >>> 16) & 255, (question >>> 8) & 255, question & 255];
  frame.set(from, 6);
  view.setUint16(12, 0x0806);
  frame.set([0, 1, 8, 0, 6, 4, 0, 1], 14);
  frame.set(from, 22);
  frame.set(asker.split('.').map(Number), 28);
  frame.set(float.split('.').map(Number), 38);
  sentAt.set(question, at);
  // A question older than a minute is not answered any more; a guest frozen for longer is no drill.
  sentAt.delete(question - 60_000 / BETWEEN_QUESTIONS);
  sniffer.send(frame);
}

function macNumber(mac: string): number | undefined {
  const known = macs.indexOf(mac);
  if (known >= 0) return known;
  return macs.length < MAX_MACS ? macs.push(mac) - 1 : undefined;
}

function hear(frame: Uint8Array): void {
  const at = now();
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const arp = view.getUint16(12) === 0x0806;
  const mac = macAt(frame, arp ? 22 : 6);
  let kind: keyof typeof claimKinds = arp ? 'announcement' : 'traffic';
  let sent: number | null = null;
  if (arp && view.getUint16(20) === 2 && frame[32] === ASKER[0] && frame[33] === ASKER[1]) {
    if (dotted(frame, 38) !== asker) return;
    kind = 'answer';
    sent = sentAt.get(view.getUint32(34)) ?? null;
    if (quiet.owner !== mac) quiet = { ...quiet, since: at, owner: mac };
  }
  const number = macNumber(mac);
  if (number === undefined || claims.length >= MAX_CLAIMS) unrecorded++;
  else claims.push([number, claimKinds[kind], round(at), sent === null ? null : round(sent)]);
}

function tick(scheduled: number, at: number): void {
  lates.push(at - scheduled);
  if (lates.length > MAX_CLAIMS) lates.splice(0, MAX_CLAIMS / 10);
  if (lastSent !== undefined) blind = Math.max(blind, at - lastSent - BETWEEN_QUESTIONS);
  lastSent = at;
  ask(at);
  if (!quiet.told && quiet.owner !== undefined && at - quiet.since >= quiet.ms) {
    quiet.told = true;
    say({ event: 'steady', owner: quiet.owner });
  }
}

sniffer.onFrame(hear);
serve({
  mark: (ms) => {
    quiet = { since: now(), ms, told: false, owner: undefined };
  },
  report: (): WatcherReport => ({
    macs,
    claims,
    blind_ms: round(blind),
    late_p99_ms: round(percentile(lates, 0.99)),
    unrecorded,
    scheduling,
  }),
});
everyMs(BETWEEN_QUESTIONS, tick);
