import { type NodeId, peerOf } from '../../../src/model/pair.ts';
import type { LaneStatus } from '../../../src/model/status.ts';
import { inForce } from '../drill/document.ts';
import { HOG, inBoth } from '../drill/faults/inBox.ts';
import { now } from '../drill/program.ts';
import type { RackPort } from '../drill/rack-port.ts';
import { percentile } from '../drill/stall.ts';
import { NODES } from '../figure.ts';
import type { Second } from '../programs/client.ts';
import { crowded, DESTINATIONS } from './document.ts';

/** What the soak needs of the rack beside what a drill does. */
export interface SoakRack extends RackPort {
  /** What that box's pair lane says of itself; undefined when it does not answer. */
  lane(box: NodeId): Promise<LaneStatus | undefined>;
  /** What the client that asks the VIP all the time saw last. */
  readonly client: { readonly last: Second | undefined };
}

export interface SoakOptions {
  /** 1 to 1440. */
  readonly minutes: number;
  readonly json: boolean;
  readonly out: (line: string) => void;
  readonly progress: (text: string) => void;
}

export interface SoakResult {
  readonly minutes: number;
  /** Of the heartbeat, as the rack's document has it. */
  readonly deadline_ms: number;
  readonly active: NodeId;
  /** Moves of the floats to a box; none is what is asked for. */
  readonly takeovers: number;
  /** Terms that were begun. */
  readonly terms: number;
  /** Documents of `DESTINATIONS` destinations in force on both boxes, one after the other. */
  readonly reloads: number;
  readonly reload_ms: { readonly median: number; readonly longest: number };
  /** Longest that a lane woke late, of all looks. */
  readonly late_ms: Readonly<Record<NodeId, number>>;
  /** Looks at a lane that got no answer. */
  readonly unanswered: number;
  readonly longest_outage_ms: number;
  readonly ok: boolean;
}

/** Between two looks at both lanes, ms. */
const LOOK = 5000;
const MINUTE = 60_000;
/** An emulated box under two endless loops. */
const APPLY_LIMIT = 10 * MINUTE;

/**
 * Everything at once that is no fault and must not look like one: an endless loop on each box's processor, damage on the
 * serial line, and a new document of 10,000 destinations every minute. True when nobody moved.
 */
export async function soak(rack: SoakRack, { minutes, json, out, progress }: SoakOptions): Promise<boolean> {
  progress('soak: back to the fixed state');
  await rack.reset();
  await rack.warm();
  const first = await lanes(rack);
  const active = NODES.find((node) => first[node]?.role === 'active');
  if (active === undefined) throw new Error('no box is active');
  const own = await inForce(rack, active);
  await inBoth(rack, HOG.begin);
  await rack.cable.noise(0.01);

  const started = now();
  const end = started + minutes * MINUTE;
  const reloads: number[] = [];
  const late: Record<NodeId, number> = { a: 0, b: 0 };
  let unanswered = 0;
  let owner: NodeId = active;
  let takeovers = 0;
  let term = first[active]!.term;
  let outage = 0;
  let wrong: Error | undefined;

  const reloading = (async () => {
    for (let round = 1; now() < end; round++) {
      const begun = now();
      const text = crowded(own, round);
      await rack.apply(owner, text, APPLY_LIMIT);
      await inForceOnBoth(rack, begun + APPLY_LIMIT);
      reloads.push(now() - begun);
      progress(
        `soak: ${DESTINATIONS} destinations in force on both boxes after ${seconds(now() - begun)} s, round ${round}`,
      );
      await pause(Math.min(begun + MINUTE, end) - now());
    }
  })().catch((error: unknown) => {
    wrong = error instanceof Error ? error : new Error(String(error));
  });
  try {
    while (now() < end && wrong === undefined) {
      await pause(LOOK);
      const seen = await lanes(rack);
      for (const node of NODES) {
        late[node] = Math.max(late[node], seen[node]?.lateMs ?? 0);
        if (seen[node] === undefined) unanswered += 1;
      }
      const holder = NODES.find((node) => seen[node]?.role === 'active');
      if (holder === peerOf(owner)) {
        takeovers += 1;
        owner = holder;
        progress(`soak: ${holder} took the floats after ${seconds(now() - started)} s`);
      }
      term = Math.max(term, ...NODES.map((node) => seen[node]?.term ?? 0));
      outage = Math.max(outage, outageSince(rack.client.last, started));
    }
    await reloading;
    if (wrong !== undefined) throw wrong;
  } finally {
    await rack.cable.plug();
    await inBoth(rack, HOG.end);
  }
  const terms = term - first[active]!.term;
  const result: SoakResult = {
    minutes,
    deadline_ms: own.heartbeat.deadline_ms,
    active,
    takeovers,
    terms,
    reloads: reloads.length,
    reload_ms: { median: Math.round(percentile(reloads, 0.5)), longest: Math.round(Math.max(0, ...reloads)) },
    late_ms: { a: Math.round(late.a), b: Math.round(late.b) },
    unanswered,
    longest_outage_ms: Math.round(outage),
    ok: takeovers === 0 && terms === 0 && reloads.length > 0,
  };
  out(json ? JSON.stringify(result) : told(result));
  return result.ok;
}

/** The controllers bring a document to both boxes; a twin that was busy has it a little later. @throws after `limit`. */
async function inForceOnBoth(rack: SoakRack, limit: number): Promise<void> {
  for (;;) {
    const [a, b] = await Promise.all(NODES.map((node) => rack.box(node).status([])));
    if (a !== undefined && a.digest === b?.digest) return;
    if (now() > limit) throw new Error(`a has document ${a?.digest ?? 'unknown'}, b ${b?.digest ?? 'unknown'}`);
    await pause(LOOK);
  }
}

async function lanes(rack: SoakRack): Promise<Readonly<Record<NodeId, LaneStatus | undefined>>> {
  const [a, b] = await Promise.all(NODES.map((node) => rack.lane(node)));
  return { a, b };
}

/** The last outage, ms, when it ended after `started`; 0 for an older one. */
function outageSince(last: Second | undefined, started: number): number {
  const { outage } = last ?? {};
  return outage === undefined || outage.agoMs > now() - started ? 0 : outage.ms;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

const seconds = (ms: number): string => (ms / 1000).toFixed(0);

function told(result: SoakResult): string {
  const { minutes, deadline_ms, takeovers, terms, reloads, reload_ms, late_ms, longest_outage_ms } = result;
  return (
    `soak: ${minutes} min, deadline ${deadline_ms} ms, ${takeovers} takeovers, ${terms} new terms; ${reloads} reloads of ${DESTINATIONS} destinations, ` +
    `median ${seconds(reload_ms.median)} s, longest ${seconds(reload_ms.longest)} s; lanes woke at most ${late_ms.a} ms (a) and ` +
    `${late_ms.b} ms (b) late; longest outage ${longest_outage_ms} ms: ${result.ok ? 'ok' : 'NOT ok'}`
  );
}
