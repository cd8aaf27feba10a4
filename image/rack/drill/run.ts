import { type NodeId, peerOf } from '../../../src/model/pair.ts';
import type { Status } from '../../../src/model/status.ts';
import { NODES, PORTS } from '../figure.ts';
import { type Drill, drillNamed } from './drills.ts';
import { findings } from './findings.ts';
import { now } from './program.ts';
import type { RackPort } from './rack-port.ts';
import { broken, judge, type RunResult, summarise, tableHead, tableRow } from './result.ts';
import { ownersIn, Traffic } from './traffic.ts';

export interface DrillOptions {
  /** Runs, each from the fixed state. Default 1. */
  readonly repeat?: number;
  /** One JSON line a run instead of the table. */
  readonly json?: boolean;
  /** Long-lived connections; default 100. */
  readonly connections?: number;
  /** Lines of the result, without their newline. */
  readonly out: (line: string) => void;
  /** What is going on, and the summary at the end. */
  readonly progress?: (text: string) => void;
}

/** All in ms. A fault's effect may come late (a float's lifetime runs out after 2 s): `QUIET` is longer than that. */
const BEFORE = 1000;
const QUIET = 3000;
const STEADY_LIMIT = 60_000;
const MOVE_LIMIT = 30_000;
const SYNC_LIMIT = 10_000;
const STATUS_LIMIT = 10_000;
const STATUS_PAUSE = 500;

/** Runs one drill. True when every run was ok, and the median where the drill has one. @throws for an unknown name. */
export async function runDrill(rack: RackPort, name: string, options: DrillOptions): Promise<boolean> {
  const drill = drillNamed(name);
  const { repeat = 1, json = false, connections = 100, out, progress = () => {} } = options;
  const results: RunResult[] = [];
  if (!json) {
    out(`${drill.name}: ${drill.fault}`);
    out(tableHead());
  }
  for (let run = 1; run <= repeat; run++) {
    const tell = (text: string) => progress(`${drill.name} ${run}/${repeat}: ${text}`);
    const result = await once(rack, drill, run, connections, tell);
    results.push(result);
    out(json ? JSON.stringify(result) : tableRow(result));
  }
  const { text, ok } = summarise(drill, results);
  progress(text);
  return ok;
}

type Tell = (text: string) => void;

/** One run. Whatever goes wrong in it is its result, so that the runs after it still happen. */
export async function once(
  rack: RackPort,
  drill: Drill,
  run: number,
  connections: number,
  tell: Tell,
): Promise<RunResult> {
  try {
    tell('back to the fixed state');
    await rack.reset();
    const before = await statuses(rack);
    const from = activeOf(before);
    const traffic = new Traffic(rack, connections);
    try {
      return await measured(rack, drill, run, connections, { traffic, before, from, tell });
    } finally {
      await traffic.stop();
    }
  } catch (error) {
    return broken(drill.name, run, error);
  }
}

type Both = Readonly<Record<NodeId, Status | undefined>>;

interface Ready {
  readonly traffic: Traffic;
  readonly before: Both;
  readonly from: NodeId;
  readonly tell: Tell;
}

async function measured(rack: RackPort, drill: Drill, run: number, count: number, ready: Ready): Promise<RunResult> {
  const { traffic, before, from, tell } = ready;
  tell(`${from} is active, waiting for steady traffic`);
  await traffic.quiet(BEFORE, STEADY_LIMIT);
  const synced = await waitForSync(rack, peerOf(from), count);
  await traffic.quiet(BEFORE, STEADY_LIMIT);

  tell(`${synced} connections synced; ${drill.fault}`);
  const injected = now();
  await drill.inject(rack, from);
  const first = await settle(traffic, drill.bar.moves ? peerOf(from) : from);
  const settled = now();
  tell(`quiet again, ${first.to.public} has the public and ${first.to.private} the private float`);
  const during = await statusesWith(rack, drill);
  let last = first;
  let undone: number | undefined;
  if (drill.undo && first.complaint === undefined) {
    await traffic.quiet(BEFORE, STEADY_LIMIT);
    undone = now();
    await drill.undo(rack, from);
    last = await settle(traffic, first.to.public);
    tell('mended');
  }
  const collected = await traffic.collect();
  await traffic.stop();
  const after = drill.undo ? await statuses(rack) : during;
  const windows = { injected, settled, undone };
  const found = findings({ from, to: last.to, ...windows, collected, synced, before, during, after });
  const complaints = [...new Set([first.complaint, last.complaint])].filter((text) => text !== undefined);
  const reasons = [...complaints, ...judge(drill.bar, found)];
  const { detail, ...figures } = found;
  return { drill: drill.name, run, ...figures, ok: reasons.length === 0, reasons, detail };
}

interface Settled {
  readonly to: { readonly public: string; readonly private: string };
  /** What did not become quiet. */
  readonly complaint?: string;
}

/** Waits until all is quiet, and again while the floats are not where they should go, up to `MOVE_LIMIT`. */
async function settle(traffic: Traffic, owner: string): Promise<Settled> {
  const limit = now() + MOVE_LIMIT;
  for (;;) {
    try {
      const to = await traffic.quiet(QUIET, MOVE_LIMIT);
      if ((to.public === owner && to.private === owner) || now() > limit) return { to };
    } catch (error) {
      const to = ownersIn(await traffic.collect());
      return { to, complaint: error instanceof Error ? error.message : String(error) };
    }
  }
}

async function statuses(rack: RackPort): Promise<Both> {
  const [a, b] = await Promise.all(NODES.map((node) => rack.box(node).status()));
  return { a, b };
}

/** The statuses once they show the drill's alarm, or at the latest after `STATUS_LIMIT`. */
async function statusesWith(rack: RackPort, drill: Drill): Promise<Both> {
  const { alarm } = drill.bar;
  const limit = now() + STATUS_LIMIT;
  for (;;) {
    const both = await statuses(rack);
    const all = NODES.flatMap((node) => [...(both[node]?.alarms ?? []), ...(both[node]?.lane?.alarms ?? [])]);
    const raised = !alarm || all.some(({ code, subject }) => code === alarm.code && subject.includes(alarm.subject));
    if (raised || now() > limit) return both;
    await new Promise((done) => setTimeout(done, STATUS_PAUSE));
  }
}

/** @throws unless exactly one box is active. */
function activeOf(both: Both): NodeId {
  const active = NODES.filter((node) => both[node]?.lane?.role === 'active');
  if (active.length === 1) return active[0]!;
  const roles = NODES.map((node) => `${node} ${both[node]?.lane?.role ?? 'does not answer'}`).join(', ');
  throw new Error(`the rack is not settled: ${roles}`);
}

/** How many of the long-lived connections the standby's kernel knows; waits for all of them for a while. */
async function waitForSync(rack: RackPort, standby: NodeId, count: number): Promise<number> {
  const port = PORTS.tcpEcho.toString(16).toUpperCase().padStart(4, '0');
  const command = `awk '$1 == "TCP" && $5 == "${port}"' /proc/net/ip_vs_conn | wc -l`;
  const limit = now() + SYNC_LIMIT;
  for (;;) {
    const synced = await counted(rack, standby, command);
    if (synced >= count || now() > limit) return Math.min(synced, count);
    await new Promise((done) => setTimeout(done, STATUS_PAUSE));
  }
}

/** 0 when a busy box does not answer: the next question may find it at leisure. */
async function counted(rack: RackPort, box: NodeId, command: string): Promise<number> {
  try {
    return Number((await rack.box(box).exec(command)).stdout.trim());
  } catch {
    return 0;
  }
}
