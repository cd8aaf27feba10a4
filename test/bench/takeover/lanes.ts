import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { System } from '../../../image/rack/bench/system.ts';
import { CALM } from '../../../image/rack/drill/run.ts';
import { DEVICES, NODES } from '../../../image/rack/figure.ts';
import { checkout } from '../../../image/rack/place.ts';
import { compileLane } from '../../../src/core/document/compileLane.ts';
import type { LaneRequest } from '../../../src/model/control.ts';
import type { PairDocument } from '../../../src/model/document.ts';
import { TandemError } from '../../../src/model/error.ts';
import { nodeSchema } from '../../../src/model/node.ts';
import type { NodeId } from '../../../src/model/pair.ts';
import { type LaneStatus, laneStatusSchema } from '../../../src/model/status.ts';
import { VERSION } from '../../../src/model/version.ts';
import { READY_MS } from '../../../src/shell/controller/laneKeeper.ts';
import { ask } from '../../../src/shell/lineClient.ts';
import { until } from '../../kernel/until.ts';
import type { CableOptions } from './cable.ts';
import { CLIENT_ADDRESS, SERVER_ADDRESS, type Spaces } from './spaces.ts';

/** The shipped pair lane in both boxes, with the priority and the runtime's options of its unit. */

/** Of fitness before the preferred box gets the floats, ms: longer than a hand-over is watched. */
const PREFER_AFTER_MS = 20_000;
const ANSWER_MS = 2000;
const START_MS = 20_000;
const CALM_MS = 60_000;

const UNIT = join(checkout, 'image/rootfs/etc/systemd/system/tandem-pair.service');
const CABLE = join(import.meta.dirname, 'cable.ts');

/** Its command line with this checkout's lane and this Node. @throws when the unit has none. */
export function laneCommand(unit: string): string[] {
  const options = /^ExecStart=\S+\/node (.*?) ?\S+\/pair\.js$/m.exec(unit)?.[1];
  const priority = /^CPUSchedulingPriority=(\d+)$/m.exec(unit)?.[1];
  if (options === undefined || priority === undefined)
    throw new TandemError('internal', 'the lane’s unit reads otherwise');
  const lane = [process.execPath, ...options.split(' '), join(checkout, 'src/pair.ts')];
  return ['chrt', '--rr', '--reset-on-fork', priority, ...lane];
}

export interface Beat {
  readonly interval_ms: number;
  readonly deadline_ms: number;
}

export interface Lanes extends System<Spaces> {
  /** What that box's lane says of itself; undefined when it does not answer. */
  lane(node: NodeId): Promise<LaneStatus | undefined>;
  /** Damages such a share of the bytes on the serial line from now on, 0 to 1. */
  noise(share: number): void;
  close(): Promise<void>;
}

/** @param beat left out, the document's own. */
export function lanes(name: string, document: PairDocument, beat: Beat = document.heartbeat): Lanes {
  const digest = createHash('sha256')
    .update(JSON.stringify([document, beat]))
    .digest('hex');
  let folder: string | undefined;
  let cable: ChildProcess | undefined;
  let word: NodeJS.Timeout | undefined;

  const home = (node: NodeId): string => join(folder!, node);

  async function said(node: NodeId, request: LaneRequest): Promise<unknown> {
    const answer = await ask(join(home(node), 'lane.sock'), request, ANSWER_MS);
    if (answer.ok) return answer.result;
    throw new TandemError('refused', `box ${node}: ${answer.error.message}`);
  }

  async function status(node: NodeId): Promise<LaneStatus | undefined> {
    const found = await said(node, { do: 'status' }).catch(() => undefined);
    return found === undefined ? undefined : laneStatusSchema.parse(found);
  }

  async function plugCable(): Promise<Readonly<Record<NodeId, string>>> {
    const options: CableOptions = { baud: document.heartbeat.serial_baud };
    cable = spawn(process.execPath, [CABLE, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = await once(createInterface({ input: cable.stdout! }), 'line');
    return JSON.parse(line as string) as Record<NodeId, string>;
  }

  async function away(): Promise<void> {
    clearInterval(word);
    if (cable !== undefined && cable.exitCode === null) {
      const closed = once(cable, 'close');
      cable.stdin?.end();
      await closed;
    }
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    folder = undefined;
  }

  function start(spaces: Spaces, node: NodeId, line: string): void {
    const key = join(home(node), 'pair.key');
    const file = nodeSchema.parse({
      name: node,
      public: { device: DEVICES.public },
      private: { device: DEVICES.private },
      ...{ peer_line: line, key_file: key },
    });
    const lane = { ...compileLane(document, file, digest), intervalMs: beat.interval_ms, deadlineMs: beat.deadline_ms };
    const preference = { node: 'a' as const, afterMs: PREFER_AFTER_MS };
    writeFileSync(join(home(node), 'lane.json'), JSON.stringify({ ...lane, preference }));
    const env = [`TANDEM_STATE=${home(node)}`, `TANDEM_RUN=${home(node)}`];
    const child = spaces.start(node, ['env', ...env, ...laneCommand(readFileSync(UNIT, 'utf8'))]);
    child.stdout?.resume();
    child.stderr?.pipe(process.stderr);
  }

  async function ready(spaces: Spaces): Promise<void> {
    await spaces.clear();
    await away();
    folder = mkdtempSync(join(tmpdir(), 'tandem-takeover-'));
    const key = `${randomBytes(32).toString('hex')}\n`;
    for (const node of NODES) {
      mkdirSync(home(node));
      writeFileSync(join(home(node), 'pair.key'), key, { mode: 0o600 });
    }
    const paths = await plugCable();
    spaces.onCut = () => cable?.stdin?.write('cut\n');
    // What a controller says of a table that it holds, as often as it does.
    const tell = () => NODES.map((node) => said(node, { do: 'ready', ready: true, against: null }).catch(() => {}));
    word = setInterval(tell, READY_MS);
    for (const node of NODES) {
      start(spaces, node, paths[node]);
      await until(`the lane of box ${node} answers`, START_MS, async () => (await status(node)) !== undefined);
      tell();
      if (node === 'a') {
        await until('box a has the floats', START_MS, async () => (await status('a'))?.role === 'active');
      }
    }
    await until('both boxes hear each other on every link', START_MS, async () => {
      const all = await Promise.all(NODES.map(status));
      return all.every(
        (one) => one?.ready && one.peer.ready && one.links.every(({ heard, hearsUs }) => heard && hearsUs),
      );
    });
  }

  return {
    name,
    disks: async () => ({ a: [], b: [] }),
    ready,
    synced: async (_, __, count) => count,
    async calm() {
      await until(`both lanes wake within ${CALM * beat.deadline_ms} ms`, CALM_MS, async () => {
        const all = await Promise.all(NODES.map(status));
        return all.every((one) => one !== undefined && one.lateMs <= CALM * beat.deadline_ms);
      });
    },
    handOver: async (_, active) => {
      await said(active, { do: 'hand-over', by: 'bench' });
    },
    kill: async (spaces, active) => {
      spaces.kill(active);
      // As the unit's ExecStopPost has it.
      spaces.run(active, `ip -force -batch ${join(home(active), 'floats.release')} || true`);
    },
    // It comes by itself: the box has been fit all the time.
    comeBack: async () => {},
    describe: async () => `${VERSION}, beats every ${beat.interval_ms} ms, deadline ${beat.deadline_ms} ms`,
    lane: status,
    noise: (share) => void cable?.stdin?.write(`noise ${share}\n`),
    close: away,
  };
}

/** The example's floats and networks, with the namespaces' gateway and one real server. */
export function documentFor(example: PairDocument): PairDocument {
  const [service] = example.services;
  if (service === undefined) throw new TandemError('internal', 'the example serves nothing');
  const servers = service.servers.filter(({ address }) => address === SERVER_ADDRESS);
  return {
    ...example,
    gateway: CLIENT_ADDRESS,
    heartbeat: { ...example.heartbeat, links: example.heartbeat.links.filter((link) => link !== 'heartbeat') },
    services: [{ ...service, servers }],
  };
}
