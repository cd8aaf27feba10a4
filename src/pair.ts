/** The pair lane's process: heartbeats, the failover core, both floats. Nothing here waits for a disk, a check or a browser. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, systemRandom } from '../firmware/clock.ts';
import { leaveLastWords } from '../firmware/endings.ts';
import { journalLines } from '../firmware/journal.ts';
import { openKeyFile } from '../firmware/keys/keyFile.ts';
import { keySecrets, macOf, newPairKey } from '../firmware/keys/secrets.ts';
import { readLane } from '../firmware/laneFile.ts';
import { lockMemory } from '../firmware/libc/memory.ts';
import { openSerialLink } from '../firmware/link/serial.ts';
import { openUdpLink } from '../firmware/link/udp.ts';
import { openNetwork } from '../firmware/netlink/network.ts';
import { openArp } from '../firmware/packet/arp.ts';
import { openPanel } from '../firmware/panel/panel.ts';
import { resetBox } from '../firmware/panel/reset.ts';
import { openHoldStore } from '../firmware/store/hold.ts';
import { openRecordFiles } from '../firmware/store/records.ts';
import { openTermStore } from '../firmware/store/term.ts';
import { openSystemd } from '../firmware/systemd.ts';
import { type FailoverView, viewOf } from './core/failover/index.ts';
import type { PanelView } from './core/panel/index.ts';
import type { Severity } from './model/alarmRank.ts';
import type { LaneRequest, PairingResult, ReadyResult } from './model/control.ts';
import { laneRequest } from './model/control.ts';
import { TandemError } from './model/error.ts';
import type { Lane } from './model/lane.ts';
import type { LinkId } from './model/pair.ts';
import type { KeyStore } from './ports/keys.ts';
import type { PeerLink } from './ports/peer.ts';
import { createBeats } from './shell/lane/beats.ts';
import { failoverConfig, spoken } from './shell/lane/config.ts';
import { releaseBatch } from './shell/lane/floats.ts';
import { type Keys, runKeys } from './shell/lane/keys.ts';
import { type LaneAnswer, type LanePorts, type LaneRunner, runLane } from './shell/lane/lane.ts';
import { type PanelRunner, runPanel } from './shell/lane/panel.ts';
import { panelView } from './shell/lane/panelView.ts';
import { handOverPlan } from './shell/lane/plan.ts';
import { rehearse } from './shell/lane/stage/rehearse.ts';
import { laneStatus } from './shell/lane/status.ts';
import { watchdogOf } from './shell/lane/watchdog.ts';
import { LINE_LIMITS, serveLines } from './shell/lineServer.ts';

/** How long an asked-for end may take before the unit's clean-up does the rest, ms. */
const END_LIMIT = 1500;

const stateFolder = process.env.TANDEM_STATE ?? '/var/lib/tandem';
const runFolder = process.env.TANDEM_RUN ?? '/run/tandem';
const laneFile = join(stateFolder, 'lane.json');

/** Lines that wait to be written; what comes beyond is counted only. */
const MAX_LINES = 1000;
const lines: string[] = [];
const journalLine = journalLines(process.env);
let unsaid = 0;

/** Written once the work at hand is done: a beat or an announcement must not wait for whoever reads the log. */
function log(line: string, severity?: Severity): void {
  if (lines.length >= MAX_LINES) unsaid += 1;
  else if (lines.push(journalLine(line, severity)) === 1) setImmediate(flushLog);
}

function flushLog(): void {
  if (unsaid > 0) lines.push(`${unsaid} lines were not logged`);
  unsaid = 0;
  const text = lines.splice(0).join('\n');
  if (text !== '') process.stdout.write(`${text}\n`);
}

process.on('exit', flushLog);

mkdirSync(runFolder, { recursive: true });
const leave = leaveLastWords(runFolder, 'pair');
const supervisor = openSystemd(process.env, process.pid);
const network = openNetwork();
const arp = openArp();
const terms = openTermStore(join(stateFolder, 'term'));
const records = openRecordFiles(join(stateFolder, 'records'));
const holds = openHoldStore(join(stateFolder, 'hold.json'));
const boot = Buffer.from(systemRandom.bytes(8)).toString('hex');

function openLink(lane: Lane, id: LinkId): PeerLink {
  if (id === 'serial') return openSerialLink(lane.serial);
  if (id !== 'heartbeat')
    return openUdpLink({ id, local: lane.nics[id].address, peer: lane.peer[id], port: lane.port });
  const { heartbeat } = lane;
  if (heartbeat === undefined) throw new TandemError('internal', 'the lane has a heartbeat link and no NIC for it');
  return openUdpLink({ id, local: heartbeat.address, peer: heartbeat.peer, port: lane.port });
}

let keys: Keys | undefined;
/** One for each path, so that its writes stay in order. */
const keyFiles = new Map<string, KeyStore>();

function openKeys(lane: Lane): Keys {
  const store = keyFiles.get(lane.keyFile) ?? openKeyFile(lane.keyFile);
  keyFiles.set(lane.keyFile, store);
  return runKeys({ clock: systemClock, store, secrets: keySecrets, newPairKey, macOf, log }, lane.node);
}

function runningKeys(): Keys {
  running();
  if (keys !== undefined) return keys;
  throw new TandemError('internal', 'the lane runs without keys');
}

const ports: LanePorts = {
  clock: systemClock,
  network,
  arp,
  terms,
  records,
  holds,
  openBeats(lane, onBeat) {
    const fresh = openKeys(lane);
    keys?.close();
    keys = fresh;
    const links = lane.links.map((id) => openLink(lane, id));
    return createBeats(systemClock, fresh, fresh.over(links), onBeat, lane);
  },
  writeRelease: (floats) => writeFileSync(join(runFolder, 'floats.release'), releaseBatch(floats)),
  guard(holding, deadline) {
    const { watchdogMs } = supervisor;
    if (watchdogMs !== undefined) supervisor.watch(watchdogOf(watchdogMs, holding, deadline));
  },
  log,
  shown: () => front?.look(),
  fail(reason) {
    log(reason, 'critical');
    leave(reason);
    process.exit(1);
  },
  // The last move's own record is on its way to the disk; END_LIMIT holds for that, too.
  ended: () => void records.settled().then(() => process.exit(0)),
};

const speaks = spoken(process.env.TANDEM_SPEAKS);

const configOf = (lane: Lane) =>
  failoverConfig(lane, boot, createHash('sha256').update(lane.pairName).digest().readUInt32BE(0), speaks);

let runner: LaneRunner | undefined;
const front = frontPanel();

function frontPanel(): PanelRunner | undefined {
  try {
    const panel = openPanel((text) => log(`front panel, button: ${text}`));
    if (panel !== undefined) writeFileSync(join(runFolder, 'panel.release'), panel.release());
    return panel && runPanel(systemClock, panel, { view, handOver, factoryReset, log });
  } catch (error) {
    log(`front panel: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

/** The controller's own alarms, as it last said them. */
let controllerAlarms: readonly string[] = [];

function view(): PanelView | undefined {
  return runner && panelView(runner.state(), controllerAlarms);
}

function heedAlarms(alarms: readonly string[]): void {
  const said = alarms.map((alarm) => alarm.trim());
  if (said.join('\n') === controllerAlarms.join('\n')) return;
  controllerAlarms = said;
  front?.look();
}

async function handOver(by: string): Promise<LaneAnswer> {
  return running().handOver(by, 'button');
}

/** The clients stay with the twin where there is one; where there is none, the person has pressed twice. */
async function factoryReset(): Promise<void> {
  if (runner !== undefined) log((await runner.handOver('factory reset')).text);
  await resetBox(stateFolder);
}

function reload(): void {
  const lane = readLane(laneFile);
  if (lane === undefined) {
    log('no document has been applied yet: idle');
  } else if (runner === undefined) {
    runner = runLane(ports, lane, configOf(lane));
    front?.look();
    log(
      `node ${lane.node} of pair ${lane.pairName} is on standby, beats every ${lane.intervalMs} ms on ${lane.links.join(', ')}`,
    );
  } else {
    runner.reconfigure(lane, configOf(lane));
    log(`document ${lane.digest.slice(0, 8)} is in force`);
  }
}

function running(): LaneRunner {
  if (runner !== undefined) return runner;
  throw new TandemError('not-configured', 'this box has no document yet', { remedy: 'tandem apply FILE' });
}

function said({ ok, text, remedy }: LaneAnswer): { readonly text: string } {
  if (!ok) throw new TandemError('refused', text, remedy === undefined ? {} : { remedy });
  return { text };
}

const saidOf = ({ role, peer }: FailoverView): ReadyResult => ({ role, twinHeard: peer.heard });

async function handle(request: LaneRequest): Promise<unknown> {
  switch (request.do) {
    case 'status':
      return laneStatus(running(), network, systemClock, front?.alarms());
    case 'ready':
      running().ready(request.ready, request.against);
      heedAlarms(request.alarms ?? []);
      return saidOf(viewOf(running().state(), systemClock.now()));
    case 'reload':
      reload();
      return {};
    case 'pairing': {
      const frames = running()
        .beats()
        .pairing(request.frames.map((frame) => Buffer.from(frame, 'base64')));
      if (frames === undefined) {
        throw new TandemError('refused', 'the document names no serial link', {
          remedy: 'add serial to heartbeat.links, or copy document and key by hand',
        });
      }
      return { frames: frames.map((frame) => Buffer.from(frame).toString('base64')) } satisfies PairingResult;
    }
    case 'keys':
      return runningKeys().status();
    case 'rotate-key': {
      const { peer } = viewOf(running().state(), systemClock.now());
      await runningKeys().rotate({ heard: peer.heard, speaks: peer.speaks });
      log(`the pair key is exchanged, asked for by ${request.by}`);
      return runningKeys().status();
    }
    case 'hand-over-plan':
      return handOverPlan(running(), systemClock.now());
    case 'hand-over':
      return said(await running().handOver(request.by));
    case 'hold':
      return said(await running().hold({ reason: request.reason, by: request.by }));
    case 'resume':
      return said(await running().hold(undefined));
  }
}

function end(): void {
  supervisor.stopping();
  if (runner === undefined) process.exit(0);
  setTimeout(() => process.exit(1), END_LIMIT);
  runner.shutdown();
}

lockMemory();
try {
  await rehearse(network, arp);
} catch (error) {
  // A slow first failover is better than no lane.
  log(`failover could not be rehearsed: ${error instanceof Error ? error.message : error}`);
}
reload();
await serveLines(join(runFolder, 'lane.sock'), laneRequest, handle, LINE_LIMITS);
process.on('SIGTERM', end);
process.on('SIGINT', end);
supervisor.ready();
if (supervisor.watchdogMs !== undefined) setInterval(() => supervisor.alive(), supervisor.watchdogMs / 4);
