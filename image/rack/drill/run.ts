import { type NodeId, peerOf, type Side } from '../../../src/model/pair.ts';
import type { Status } from '../../../src/model/status.ts';
import { NODES, PORTS } from '../figure.ts';
import { applyToBoth, inForce, type Plain } from './document.ts';
import type { Check, Drill, Told } from './drill.ts';
import { drillNamed } from './drills.ts';
import { type Both, findings, takenBy } from './findings.ts';
import type { Load } from './pace.ts';
import { now } from './program.ts';
import type { RackPort } from './rack-port.ts';
import {
  barAt,
  broken,
  judge,
  ownerAfter,
  ownerDuring,
  type RunResult,
  summarise,
  tableHead,
  tableRow,
} from './result.ts';
import { STATUS_PAUSE, statuses } from './statuses.ts';
import { ownersIn, Traffic } from './traffic.ts';

export interface DrillOptions {
  /** Runs, each from the fixed state. Default 1. */
  readonly repeat?: number;
  /** One JSON line a run instead of the table. */
  readonly json?: boolean;
  /** Default 100 connections and all the traffic. */
  readonly load?: Load;
  /** Lines of the result, without their newline. */
  readonly out: (line: string) => void;
  /** What is going on, and the summary at the end. */
  readonly progress?: (text: string) => void;
}

/** All in ms. A fault's effect may come late (a float's lifetime runs out after 2 s): `QUIET` is longer than that. */
export const BEFORE = 1000;
const QUIET = 3000;
export const STEADY_LIMIT = 60_000;
const MOVE_LIMIT = 30_000;
const SYNC_LIMIT = 10_000;
const CALM_LIMIT = 180_000;
/** Between two looks at boxes that are not in time yet, ms: each costs their controllers a turn of which they have few. */
const CALM_PAUSE = 2000;

/** Runs one drill. True when every run was ok, and the median where the drill has one. @throws for an unknown name. */
export async function runDrill(rack: RackPort, name: string, options: DrillOptions): Promise<boolean> {
  const drill = drillNamed(name);
  const { repeat = 1, json = false, load = { connections: 100, thin: 1 }, out, progress = () => {} } = options;
  const results: RunResult[] = [];
  if (!json) {
    out(`${drill.name}: ${drill.fault}`);
    out(tableHead());
  }
  for (let run = 1; run <= repeat; run++) {
    const tell = timed(`${drill.name} ${run}/${repeat}`, progress);
    const result = await once(rack, drill, run, load, tell);
    results.push(result);
    out(json ? JSON.stringify(result) : tableRow(result));
  }
  const { text, ok } = summarise(drill, results);
  progress(text);
  return ok;
}

/** Of the heartbeat's deadline: a box that wakes later than that is half way to being taken for dead. */
export const CALM = 0.4;

type Tell = (text: string) => void;

/** Says each text with the whole seconds since the run began. */
export function timed(where: string, progress: Tell): Tell {
  const begun = now();
  return (text) => progress(`${where} ${Math.round((now() - begun) / 1000)} s: ${text}`);
}

/** One run. Whatever goes wrong in it is its result, so that the runs after it still happen. */
export async function once(rack: RackPort, drill: Drill, run: number, load: Load, tell: Tell): Promise<RunResult> {
  try {
    tell('back to the fixed state');
    await rack.reset();
    const found = await statuses(rack, oneActive);
    const active = activeOf(found);
    const own = drill.changes === undefined ? undefined : (await rack.document(active)).text;
    try {
      return await under(rack, drill, run, load, tell, active);
    } finally {
      await drill.restore?.(rack, active);
      if (own !== undefined) {
        tell('the document of before comes back');
        await rack.reset();
        await applyToBoth(rack, activeOf(await statuses(rack, oneActive)), own);
      }
    }
  } catch (error) {
    return broken(drill.name, run, error);
  }
}

async function under(
  rack: RackPort,
  drill: Drill,
  run: number,
  load: Load,
  tell: Tell,
  active: NodeId,
): Promise<RunResult> {
  // A standby that is not asked to serve need not be warm, only in time: that is waited for under traffic.
  const serving = drill.bar.moves === false ? [active] : NODES;
  tell(`waiting until ${serving.join(' and ')} ${serving.length === 1 ? 'is' : 'are'} warm`);
  await rack.warm(serving);
  await drill.prepare?.(rack, active);
  // Of both: what the standby's table holds of an earlier run must not count as known of this one.
  const before = await statuses(rack, (both) => oneActive(both) && NODES.every((node) => both[node] !== undefined));
  activeOf(before);
  const silent = NODES.find((node) => before[node] === undefined);
  if (silent !== undefined) throw new Error(`${silent}'s controller does not answer`);
  const traffic = new Traffic(rack, load);
  try {
    return await measured(rack, drill, run, load, { traffic, before, tell });
  } finally {
    await traffic.stop();
  }
}

interface Ready {
  readonly traffic: Traffic;
  readonly before: Both;
  readonly tell: Tell;
}

async function measured(rack: RackPort, drill: Drill, run: number, load: Load, ready: Ready): Promise<RunResult> {
  const { traffic, before, tell } = ready;
  tell('waiting for steady traffic');
  const standby = peerOf(ownerOf(await traffic.quiet(BEFORE, STEADY_LIMIT)));
  tell('waiting for both boxes to be in time and for the standby to know the connections');
  const [synced] = await Promise.all([
    waitForSync(rack, standby, load.connections, heldBy(before[standby])),
    calm(rack),
  ]);
  const from = ownerOf(await traffic.quiet(BEFORE, STEADY_LIMIT));

  tell(`${from} is active, ${synced} connections synced: ${drill.fault}`);
  const bar = barAt(drill.bar, (await heartbeatOf(rack))?.interval_ms ?? 0);
  const notes: string[] = [];
  const checks: Check[] = [];
  const told: Told = { run, note: (text) => void notes.push(text), check: (check) => void checks.push(check) };
  const injected = now();
  await drill.inject(rack, from, told);
  const first = await settle(traffic, ownerDuring(bar, from), bar.within);
  const settled = now();
  tell(`quiet again, ${first.to.public} has the public and ${first.to.private} the private float`);
  let last = first;
  let undone: number | undefined;
  let during: Both | undefined;
  if (drill.undo && first.complaint === undefined) {
    during = await statuses(rack, (both) => shows(drill, before, both));
    await traffic.quiet(BEFORE, STEADY_LIMIT);
    undone = now();
    await drill.undo(rack, from);
    last = await settle(traffic, ownerAfter(bar, from) ?? first.to.public, bar.within);
    tell('mended');
  }
  const collected = await traffic.collect();
  const neighbours = await rack.neighbours();
  // Boxes without traffic have time to answer.
  await traffic.stop();
  const returned = bar.returns === true;
  const known = during;
  const after = await statuses(rack, (both) => {
    if (known === undefined) return shows(drill, before, both);
    return !returned || takenBy(known, both) !== undefined;
  });
  during ??= after;
  const windows = { injected, settled, undone };
  const seen = { from, returned, to: last.to, ...windows, collected, neighbours, synced };
  const found = findings({ ...seen, before, during, after });
  const was = activeOf(before);
  const early = was === from ? undefined : `the floats went from ${was} to ${from} before the fault`;
  const complaints = [...new Set([early, first.complaint, last.complaint])].filter((text) => text !== undefined);
  const reasons = [...complaints, ...judge(bar, found)];
  for (const check of checks) reasons.push(...(await check(collected).catch((error: Error) => [error.message])));
  const { detail, ...figures } = found;
  const whole = notes.length === 0 ? detail : { ...detail, notes };
  const thinned = load.thin === 1 ? {} : { thin: load.thin };
  return { drill: drill.name, run, ...thinned, ...figures, ok: reasons.length === 0, reasons, detail: whole };
}

interface Settled {
  readonly to: { readonly public: string; readonly private: string };
  /** What did not become quiet. */
  readonly complaint?: string;
}

/**
 * Waits until all is quiet, and again while the floats are not where they should go, up to `within` ms.
 * @param owner undefined: either box.
 */
async function settle(traffic: Traffic, owner: string | undefined, within = MOVE_LIMIT): Promise<Settled> {
  const limit = now() + within;
  for (;;) {
    try {
      const to = await traffic.quiet(QUIET, within);
      const wanted = owner ?? to.public;
      if ((to.public === wanted && to.private === wanted) || now() > limit) return { to };
    } catch (error) {
      const to = ownersIn(await traffic.collect());
      return { to, complaint: error instanceof Error ? error.message : String(error) };
    }
  }
}

const oneActive = (both: Both): boolean => NODES.filter((node) => both[node]?.lane?.role === 'active').length === 1;

/** @throws when not exactly one box is active. */
function activeOf(both: Both): NodeId {
  const active = NODES.find((node) => both[node]?.lane?.role === 'active');
  if (active !== undefined && oneActive(both)) return active;
  throw new Error(`the rack is not settled: ${rolesOf(both)}`);
}

const rolesOf = (both: Both): string =>
  NODES.map((node) => `${node} ${both[node]?.lane?.role ?? 'does not answer'}`).join(', ');

/** The alarm that the drill waits for is raised, and the takeover that it waits for is recorded. */
function shows(drill: Drill, before: Both, both: Both): boolean {
  const { alarm, moves } = drill.bar;
  const all = NODES.flatMap((node) => [...(both[node]?.alarms ?? []), ...(both[node]?.lane?.alarms ?? [])]);
  const raised = !alarm || all.some(({ code, subject }) => code === alarm.code && subject.includes(alarm.subject));
  return raised && (!moves || takenBy(before, both) !== undefined);
}

/** @throws unless one box answers for both floats. */
export function ownerOf(owners: Readonly<Record<Side, string>>): NodeId {
  const owner = NODES.find((node) => owners.public === node && owners.private === node);
  if (owner) return owner;
  throw new Error(`the public float is on ${owners.public}, the private one on ${owners.private}`);
}

/**
 * Both lanes wake in time, and both controllers answer: an operator's word passes through one. A freshly booted emulated
 * box translates each path of its kernel and of its runtime as it is first taken, and stands still for it: a fault in that
 * minute would measure the emulator.
 * @throws with what is amiss after `CALM_LIMIT`.
 */
export async function calm(rack: RackPort): Promise<void> {
  const limit = now() + CALM_LIMIT;
  let deadline: number | undefined;
  for (;;) {
    deadline ??= (await heartbeatOf(rack))?.deadline_ms;
    const within = CALM * (deadline ?? 0);
    const amiss = (await Promise.all(NODES.map((node) => unrest(rack, node, within)))).filter(
      (text) => text !== undefined,
    );
    if (amiss.length === 0) return;
    if (now() > limit) {
      throw new Error(
        `the boxes are not in time (${within} ms) after ${CALM_LIMIT / 1000} s of traffic: ${amiss.join(', ')}`,
      );
    }
    await new Promise((done) => setTimeout(done, CALM_PAUSE));
  }
}

/** In force, ms; undefined while no box says. */
async function heartbeatOf(rack: RackPort): Promise<Plain['heartbeat'] | undefined> {
  for (const node of NODES) {
    try {
      return (await inForce(rack, node)).heartbeat;
    } catch {
      // A busy controller may answer later, and the twin has the same document.
    }
  }
  return undefined;
}

async function unrest(rack: RackPort, node: NodeId, within: number): Promise<string | undefined> {
  const [late, status] = await Promise.all([rack.box(node).lateMs(), rack.box(node).status([])]);
  if (late === undefined) return `${node} does not answer`;
  if (late > within) return `${node} is up to ${Math.round(late)} ms late`;
  return status === undefined ? `${node}'s controller does not answer` : undefined;
}

/**
 * How many of the long-lived connections the standby's kernel knows; waits for all of them for a while. A program in the
 * guest that counts them takes seconds of its emulated processor; its controller has read the kernel's counters anyway.
 * @param old what an earlier run left in its table: a connection whose end was not told stays there for 15 minutes.
 */
export async function waitForSync(rack: RackPort, standby: NodeId, count: number, old = 0): Promise<number> {
  const limit = now() + SYNC_LIMIT;
  for (;;) {
    const synced = Math.max(0, heldBy(await rack.box(standby).status()) - old);
    if (synced >= count || now() > limit) return Math.min(synced, count);
    await new Promise((done) => setTimeout(done, STATUS_PAUSE));
  }
}

const heldBy = (status: Status | undefined): number =>
  (status?.services ?? [])
    .filter((service) => service.port === PORTS.tcpEcho)
    .flatMap((service) => service.servers)
    .reduce((sum, server) => sum + server.active, 0);
