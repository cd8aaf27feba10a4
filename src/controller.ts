import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '../firmware/clock.ts';
import { loadAssets } from '../firmware/console/assets.ts';
import { loadIdentity } from '../firmware/console/identity.ts';
import { openSessionFile } from '../firmware/console/sessionFile.ts';
import { openListenSocket } from '../firmware/console/socket.ts';
import { leaveLastWords, takeEndings } from '../firmware/endings.ts';
import { openEyes } from '../firmware/eyes/eyes.ts';
import { createProber } from '../firmware/health/prober.ts';
import { compactHeap } from '../firmware/heap.ts';
import { journalLines } from '../firmware/journal.ts';
import { openGuard } from '../firmware/netlink/guard.ts';
import { openIpvs } from '../firmware/netlink/ipvs.ts';
import { openMarks } from '../firmware/netlink/marks.ts';
import { openNetwork } from '../firmware/netlink/network.ts';
import { argon2Hasher, openPasswordStore } from '../firmware/password.ts';
import { writeChanged } from '../firmware/store/atomic.ts';
import { historyAt } from '../firmware/store/history.ts';
import { openRecordFiles } from '../firmware/store/records.ts';
import { openRunFile } from '../firmware/store/runFile.ts';
import { openStore } from '../firmware/store/store.ts';
import { openSysctls } from '../firmware/sysctl.ts';
import { openSystemd } from '../firmware/systemd.ts';
import { channelKeys } from '../firmware/twin/channelKeys.ts';
import { startConsole, type WebConsole } from './console/console.ts';
import { serveMetrics } from './console/metrics/server.ts';
import { controllerRequest } from './model/control.ts';
import { TandemError } from './model/error.ts';
import type { NodeFile } from './model/node.ts';
import { parseNodeFile } from './model/parseDocument.ts';
import type { Log } from './ports/log.ts';
import { createChannel } from './shell/channel/channel.ts';
import { type Controller, createController } from './shell/controller/controller.ts';
import type { ControllerPorts } from './shell/controller/ports.ts';
import { createRequests } from './shell/controller/requests.ts';
import { ask } from './shell/lineClient.ts';
import { serveLines } from './shell/lineServer.ts';

/**
 * `tandem-controller`: the document, the kernel's table, the health checks and the control socket. It may die and start
 * again at any time: the kernel keeps what it was told and the next start adopts it.
 */

const folders = {
  etc: process.env.TANDEM_ETC ?? '/etc/tandem',
  state: process.env.TANDEM_STATE ?? '/var/lib/tandem',
  run: process.env.TANDEM_RUN ?? '/run/tandem',
  page: process.env.TANDEM_PAGE ?? '/opt/tandem/page',
};

const journalLine = journalLines(process.env);
const log: Log = (line, severity) => console.error(journalLine(line, severity));

/** undefined when there is no such file. */
function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new TandemError('io', `${path} cannot be read`, { cause });
  }
}

function readNode(path: string): NodeFile {
  const text = readOptional(path);
  if (text === undefined) {
    const remedy = 'write it: name (a or b), public.device and private.device';
    throw new TandemError('bad-node-file', `there is no ${path}`, { remedy });
  }
  const parsed = parseNodeFile(text);
  if (parsed.ok) return parsed.document;
  throw new TandemError('bad-node-file', `${path} is not right`, { faults: parsed.faults });
}

/** Names beside the node file's, of an image that is reached by a detour: words with commas between. */
const furtherNames = (process.env.TANDEM_CONSOLE_NAMES ?? '').split(',').filter((name) => name !== '');

/** undefined when this build has no page; a box without a console still routes. */
function webConsole(controller: Controller, requests: ReturnType<typeof createRequests>): WebConsole | undefined {
  try {
    return startConsole(controller, requests, {
      clock: systemClock,
      random: systemRandom,
      sessions: openSessionFile(join(folders.run, 'sessions.json')),
      assets: loadAssets(folders.page),
      furtherNames,
      openSocket: openListenSocket,
      identity: (addresses, names) => loadIdentity(join(folders.state, 'tls'), hostname(), addresses, names),
      digest: controller.ports.digest,
      log,
    });
  } catch (error) {
    log(`there is no web console: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function main(): Promise<void> {
  mkdirSync(folders.state, { recursive: true, mode: 0o755 });
  mkdirSync(folders.run, { recursive: true, mode: 0o755 });
  const node = readNode(join(folders.etc, 'node.yaml'));
  const laneSocket = join(folders.run, 'lane.sock');
  const ports: ControllerPorts = {
    node,
    kernel: {
      ipvs: openIpvs(),
      marks: openMarks(),
      guard: openGuard(),
      network: openNetwork(),
      sysctls: openSysctls(),
    },
    clock: systemClock,
    prober: createProber({
      icmpId: process.pid % 65_536,
      scripts: process.env.TANDEM_CHECKS ?? '/run/tandem-check.sock',
    }),
    eyes: openEyes(),
    store: openStore(join(folders.state, 'tandem.db')),
    history: historyAt(join(folders.state, 'statistics.db')),
    records: openRecordFiles(join(folders.state, 'records')),
    healthFile: openRunFile(join(folders.run, 'health.json')),
    password: { hasher: argon2Hasher, store: openPasswordStore(join(folders.state, 'admin.argon2')) },
    channel: createChannel({
      clock: systemClock,
      random: systemRandom,
      keys: () => channelKeys(node.key_file),
      openSocket: openListenSocket,
      log,
    }),
    supervisor: openSystemd(process.env, process.pid),
    compact: compactHeap,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    writeLane: (lane) => writeChanged(join(folders.state, 'lane.json'), `${JSON.stringify(lane, null, 2)}\n`, 0o644),
    askLane: (request, timeoutMs) => ask(laneSocket, request, timeoutMs),
    takeEndings: () => takeEndings(folders.run),
    log,
  };
  const controller = await createController(ports, readOptional(join(folders.etc, 'seed.yaml')));
  const requests = createRequests(controller);
  const server = await serveLines(join(folders.run, 'controller.sock'), controllerRequest, requests);
  const web = webConsole(controller, requests);
  const metrics =
    node.metrics &&
    serveMetrics(controller, node.metrics, {
      clock: systemClock,
      memory: () => ({ resident: process.memoryUsage.rss(), heapUsed: process.memoryUsage().heapUsed }),
      log,
    });

  const end = (signal: NodeJS.Signals): void => {
    log(`${signal}: the controller ends, the kernel keeps its table`);
    const closed = [server.close(), web?.close(), metrics?.close(), ports.channel.close()];
    controller.close();
    void Promise.all(closed).then(() => process.exit(0));
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

const leave = leaveLastWords(folders.run, 'controller');

main().catch((error: unknown) => {
  leave(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  if (error instanceof TandemError) {
    log(`${error.code}: ${error.message}`);
    if (error.remedy !== undefined) log(`  ${error.remedy}`);
    for (const fault of error.faults) log(`  ${fault.path}: ${fault.value}: ${fault.remedy}`);
  } else console.error(error);
  process.exit(1);
});
