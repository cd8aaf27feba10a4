import { type NodeId, peerOf, SIDES } from '../../../src/model/pair.ts';
import { type Both, findings } from '../drill/findings.ts';
import { type FloatRecord, tenures } from '../drill/ownership.ts';
import type { Load } from '../drill/pace.ts';
import { now } from '../drill/program.ts';
import { BEFORE, ownerOf, STEADY_LIMIT } from '../drill/run.ts';
import { boxOf, type Collected, ownersIn, Traffic } from '../drill/traffic.ts';
import type { Fault } from './faults.ts';
import type { System, TrialRack } from './system.ts';

/** One fault put to one system once. Times in ms; what they mean is measure.ts and ownership.ts. */
export interface Trial {
  readonly system: string;
  readonly fault: string;
  readonly run: number;
  /** Null when the trial broke off, or the service did not come back. */
  readonly outage_ms: number | null;
  /** Certain time with two owners, both floats added, until the trial ended. */
  readonly two_owner_ms: number | null;
  /** Both boxes still answered for a float at the end. */
  readonly still_two_owners: boolean;
  /** Lost by the fault, not by what prepared it. */
  readonly connections: { readonly held: number; readonly lost: number };
  /** Of the lost ones, by reason. */
  readonly lost_by: Readonly<Record<string, number>>;
  /** Of the connections, in the standby's table before the fault. */
  readonly synced: number;
  /** The longest time in which the prober did not ask: an outage that short could hide there. */
  readonly blind_ms: number | null;
  /** Why its figure does not count; empty when it does. */
  readonly reasons: readonly string[];
}

/** ms without trouble after a fault; longer than a second burst of gratuitous ARP of keepalived, 5 s after the first. */
const QUIET_MS = 6000;
/**
 * ms without trouble before a fault: the kernel hands on what its sync daemon gathered every 2 s at the latest
 * (IPVS_SYNC_FLUSH_TIME in ip_vs_sync.c), and a standby that is asked may count connections of the trial before.
 */
const SYNC_MS = 5000;
/** Longest wait for the floats to be where they should, ms: a preferred box waits for its time, on a busy box more than once. */
const MOVE_LIMIT = 120_000;
/** Longest wait for clients in peace. */
const SERVED_LIMIT = 45_000;
/** A float whose owner answered within this before the end, ms, is there still: it is asked every 20 ms. */
const LATELY = 500;
/** An outage that could hide where the prober did not ask. */
const BLIND = 50;

/** Every system's. */
const PREFERRED: NodeId = 'a';

const NOBODY_SAYS: Both = { a: undefined, b: undefined };

/** The boxes that answered for a float since then. */
function answering(record: FloatRecord, since: number): NodeId[] {
  const owners = tenures(record).flatMap(({ mac, possible }) => (possible.to >= since ? [boxOf(mac)] : []));
  return [...new Set(owners)].filter((box) => box !== undefined);
}

interface Settled {
  readonly seen: Collected;
  readonly at: number;
  /** Who answered for each float just before. */
  readonly owners: readonly (readonly NodeId[])[];
  /** The clients were not served for long enough. */
  readonly troubled: boolean;
}

/** Waits until the clients are served and the `target` answers for both floats, or the time is up. */
async function settle(traffic: Traffic, target: NodeId): Promise<Settled> {
  const limit = now() + MOVE_LIMIT;
  let again = false;
  for (;;) {
    const troubled = await traffic.served(QUIET_MS, SERVED_LIMIT).then(
      () => false,
      () => true,
    );
    const at = now();
    const seen = await traffic.collect();
    const owners = SIDES.map((side) => answering(seen[side], at - LATELY));
    const there = owners.every((boxes) => boxes.includes(target));
    // The floats may have moved just now, and then both boxes have answered lately.
    if (!again && !troubled && there && owners.some((boxes) => boxes.length > 1)) {
      again = true;
      await new Promise((done) => setTimeout(done, LATELY));
      continue;
    }
    if (troubled || there || at > limit) return { seen, at, owners, troubled };
  }
}

/** What is wrong with a trial whose figures are these. */
export function reasonsOf(
  figures: { readonly outage: number; readonly blind: number; readonly troubled: boolean },
  moved: boolean,
): string[] {
  const { outage, blind, troubled } = figures;
  return [
    ...(troubled ? ['the clients were not served in peace again'] : []),
    ...(moved ? [] : ['the floats did not go where they should']),
    ...(blind > Math.max(outage, BLIND) ? [`the prober sent nothing for ${Math.round(blind)} ms`] : []),
  ];
}

/** What the second count has more than the first, by reason. */
export const lostSince = (
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Record<string, number> =>
  Object.fromEntries(
    Object.entries(after)
      .map(([reason, count]) => [reason, count - (before[reason] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );

export interface TrialOptions {
  readonly run: number;
  readonly load: Load;
  /** Gives both boxes fresh disks of the system's first. */
  readonly install: boolean;
  readonly tell: (text: string) => void;
}

/** Puts one fault to one system. Whatever goes wrong in it is its result. */
export async function trial<R extends TrialRack>(
  rack: R,
  system: System<R>,
  fault: Fault,
  options: TrialOptions,
): Promise<Trial> {
  try {
    if (options.install) {
      options.tell('fresh disks');
      await rack.reinstall(await system.disks());
    }
    options.tell('back to the fixed state');
    await system.ready(rack);
    options.tell('waiting until both boxes are warm');
    await rack.warm();
    const traffic = new Traffic(rack, options.load);
    try {
      return await measured(rack, system, fault, traffic, options);
    } finally {
      await traffic.stop();
    }
  } catch (error) {
    return {
      ...{ system: system.name, fault: fault.name, run: options.run },
      ...{ outage_ms: null, two_owner_ms: null, still_two_owners: false, blind_ms: null },
      ...{ connections: { held: 0, lost: 0 }, lost_by: {}, synced: 0 },
      reasons: [error instanceof Error ? error.message : String(error)],
    };
  }
}

/** @throws when another box has the floats before the fault: the pair moves by itself under the traffic. */
function expect(owner: NodeId, wanted: NodeId): void {
  if (owner !== wanted) throw new Error(`${owner} has the floats before the fault, ${wanted} should`);
}

async function measured<R extends TrialRack>(
  rack: R,
  system: System<R>,
  fault: Fault,
  traffic: Traffic,
  { run, load, tell }: TrialOptions,
): Promise<Trial> {
  tell('waiting for steady traffic');
  expect(ownerOf(await traffic.quiet(BEFORE, STEADY_LIMIT)), PREFERRED);
  await system.calm(rack);
  await fault.prepare?.(system, rack, PREFERRED);
  const from = fault.prepare === undefined ? PREFERRED : peerOf(PREFERRED);
  const synced = await system.synced(rack, peerOf(from), load.connections);
  expect(ownerOf(await traffic.quiet(SYNC_MS, STEADY_LIMIT)), from);
  const early = (await traffic.collect()).connections;
  if (early.lost > 0 && fault.prepare === undefined) {
    throw new Error(`${early.lost} connections were lost before the fault: ${JSON.stringify(early.reasons)}`);
  }

  tell(`${from} is active, ${synced} connections synced: ${fault.what}`);
  const injected = now();
  await fault.inject(system, rack, from);
  const target = fault.moves ? peerOf(from) : from;
  const { seen, at, owners, troubled } = await settle(traffic, target);
  const { outage_ms, two_owner_ms, detail, ...found } = findings({
    ...{ from, to: ownersIn(seen), collected: seen, neighbours: [], synced },
    ...{ injected, settled: at, undone: undefined },
    ...{ before: NOBODY_SAYS, during: NOBODY_SAYS, after: NOBODY_SAYS },
  });
  const moved = owners.every((boxes) => boxes.includes(target));
  const figures = { outage: outage_ms ?? 0, blind: detail.blind_ms, troubled: troubled || detail.unrestored };
  return {
    ...{ system: system.name, fault: fault.name, run },
    outage_ms: detail.unrestored ? null : outage_ms,
    two_owner_ms,
    still_two_owners: owners.some((boxes) => boxes.length > 1),
    connections: { held: found.connections.held, lost: found.connections.lost - early.lost },
    lost_by: lostSince(early.reasons, detail.lost_by),
    synced,
    blind_ms: detail.blind_ms,
    reasons: reasonsOf(figures, moved),
  };
}
