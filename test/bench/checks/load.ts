/** Inside the test machine: what checking many real servers costs, Tandem's checker and keepalived's, one after the other. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { parseDocument } from '../../../src/model/parseDocument.ts';
import { ControllerBox, until } from '../../kernel/controllerBox.ts';
import { enterNamespace, sh } from '../../kernel/netns.ts';
import { addressOf, documentText } from '../apply/table.ts';
import { Keepalived } from '../keepalived.ts';

const [services = 100, servers = 100, seconds = 20] = process.argv.slice(2).map(Number);
const count = services * servers;
const INTERVAL_S = 5;
const PATIENCE_MS = 300_000;
const PORT = 8080;
/** A second is USER_HZ of these in /proc/PID/stat (proc(5)). */
const TICK_MS = 10;

const say = (name: string, value: number): void => console.log(JSON.stringify({ name, value }));

/**
 * Every address of 10.9.0.0/16 is this namespace's own, and one socket listens on all of them. Nobody accepts: the kernel
 * completes the handshakes until the queue is full, so that the listener costs no processor time that would be counted.
 */
function listenEverywhere(): void {
  sh('ip route add local 10.9.0.0/16 dev lo; sysctl -qw net.core.somaxconn=65535 net.ipv4.tcp_max_syn_backlog=65535');
  const c = koffi.load('libc.so.6');
  const socket = c.func('int socket(int, int, int)') as (family: number, type: number, protocol: number) => number;
  const bind = c.func('int bind(int, const void*, int)') as (fd: number, address: Uint8Array, length: number) => number;
  const listen = c.func('int listen(int, int)') as (fd: number, backlog: number) => number;
  const address = new Uint8Array(16);
  const view = new DataView(address.buffer);
  view.setUint16(0, 2, true);
  view.setUint16(2, PORT, false);
  const fd = socket(2, 1, 0);
  if (fd < 0 || bind(fd, address, 16) !== 0 || listen(fd, 65_535) !== 0)
    throw new Error(`listen: errno ${koffi.errno()}`);
}

/** Connections that were accepted by this namespace's kernel so far. */
function accepted(): number {
  const [names = '', values = ''] = readFileSync('/proc/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Tcp:'));
  return Number(values.split(' ')[names.split(' ').indexOf('PassiveOpens')]);
}

/** User and system time of some processes, ms. */
const processorMs = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const fields = rest.split(' ').map(Number);
    return sum + (fields[11]! + fields[12]!) * TICK_MS;
  }, 0);

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** A window in the steady state: share of a processor, and checks done of those that were due. */
async function measure(name: string, pids: readonly number[]): Promise<void> {
  await wait(INTERVAL_S * 2 * 1000);
  const [begun, worked, opened] = [performance.now(), processorMs(pids), accepted()];
  await wait(seconds * 1000);
  const passed = performance.now() - begun;
  say(`${name}, processor (%)`, (100 * (processorMs(pids) - worked)) / passed);
  say(`${name}, checks done of those due (%)`, (100 * (accepted() - opened)) / ((count * passed) / 1000 / INTERVAL_S));
}

// Each server has an address of its own: checks that are the same for several services are asked once.
const text = documentText({ services, servers }, 10, (service, server) =>
  addressOf(service * servers + server),
).replaceAll('check: { type: none }', `check: { type: tcp, interval_ms: ${INTERVAL_S * 1000}, timeout_ms: 2000 }`);
const parsed = parseDocument(text);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));

enterNamespace();
sh('for nic in eth0 eth1; do ip link add $nic type dummy; ip link set $nic up; done');
listenEverywhere();
const inUse = (): number => Number(sh("ipvsadm -Ln | grep -c 'Masq    [1-9]' || true").trim());
const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
const rival = new Keepalived(folder);
rival.write(parsed.document);
rival.start();
await until('keepalived uses all servers', PATIENCE_MS, () => inUse() === count);
await measure('keepalived', rival.pids());
await rival.stop();

const box = new ControllerBox(PATIENCE_MS);
await box.start();
await box.apply(text);
await until('tandem uses all servers', PATIENCE_MS, () => inUse() === count);
await measure('tandem', [box.pid()]);
const { checks } = await box.status();
say('tandem, lateness p99 (ms)', checks?.lateMs ?? Number.NaN);
await box.remove();
rmSync(folder, { recursive: true });
process.exit(0);
