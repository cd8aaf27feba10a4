/** Inside the test machine: what checking many real servers costs, Tandem's checker and keepalived's, one after the other. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from '../../../src/model/parseDocument.ts';
import { ControllerBox, until } from '../../kernel/controllerBox.ts';
import { enterNamespace, sh } from '../../kernel/netns.ts';
import { addressOf, documentText } from '../apply/table.ts';
import { Keepalived } from '../keepalived.ts';
import { listenEverywhere, measure, say, wait } from './measure.ts';

const [services = 100, servers = 100, seconds = 20] = process.argv.slice(2).map(Number);
const count = services * servers;
const INTERVAL_S = 5;
const PATIENCE_MS = 300_000;

// Each server has an address of its own: checks that are the same for several services are asked once.
const text = documentText({ services, servers }, 10, (service, server) =>
  addressOf(service * servers + server),
).replaceAll('check: { type: none }', `check: { type: tcp, interval_ms: ${INTERVAL_S * 1000}, timeout_ms: 2000 }`);
const parsed = parseDocument(text);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));

enterNamespace();
sh('for nic in eth0 eth1; do ip link add $nic type dummy; ip link set $nic up; done');
const listener = await listenEverywhere();

async function steady(name: string, pids: readonly number[]): Promise<void> {
  await wait(INTERVAL_S * 2 * 1000);
  await measure(name, pids, 'PassiveOpens', count / INTERVAL_S, seconds);
}

const inUse = (): number => Number(sh("ipvsadm -Ln | grep -c 'Masq    [1-9]' || true").trim());
const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
const rival = new Keepalived(folder);
rival.write(parsed.document);
rival.start();
await until('keepalived uses all servers', PATIENCE_MS, () => inUse() === count);
await steady('keepalived', rival.pids());
await rival.stop();

const box = new ControllerBox(PATIENCE_MS);
await box.start();
await box.apply(text);
await until('tandem uses all servers', PATIENCE_MS, () => inUse() === count);
await steady('tandem', [box.pid()]);
const { checks } = await box.status();
say('tandem, lateness p99 (ms)', checks?.lateMs ?? Number.NaN);
await box.remove();
rmSync(folder, { recursive: true });
listener.kill('SIGKILL');
process.exit(0);
