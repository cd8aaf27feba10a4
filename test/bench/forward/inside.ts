/** Inside the test machine: one line of JSON for each figure of each system, one after the other, as many times as asked. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sh } from '../../kernel/netns.ts';
import { flood } from './flood.ts';
import { ranNs, SYSTEMS, type System } from './systems.ts';
import { requests, Web } from './web.ts';
import { buildWires, removeWires } from './wires.ts';

const [runs = 3, count = 20_000, seconds = 1] = process.argv.slice(2).map(Number);
/** Of the clients, who are 61: 1,037 flows. */
const PORTS = 17;

const say = (name: string, value: number): void => console.log(JSON.stringify({ name, value }));

/** What one thing costs of the processor, ns, everything on it included. */
interface Costs {
  readonly packet: number;
  readonly request: number;
}

async function measure({ name, way, address, port, start }: System): Promise<Costs> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
  buildWires();
  const web = new Web(folder);
  await web.start();
  const { pids, stop } = await start(folder);
  flood({ way, count: 61 * PORTS, ports: PORTS });
  const [began, ran] = [performance.now(), ranNs(pids())];
  const { toServers, toClients } = flood({ way, count, ports: PORTS });
  const packet = (toServers + toClients) / 2;
  const rate = requests(address, port, seconds);
  const daemon = (ranNs(pids()) - ran) / (1e6 * (performance.now() - began));
  say(`${name}, packets/s`, 1e9 / packet);
  say(`${name}, requests/s`, rate);
  if (pids().length > 0) say(`${name}, its processes (% of the processor)`, 100 * daemon);
  await stop();
  await web.stop();
  removeWires();
  rmSync(folder, { recursive: true });
  return { packet, request: 1e9 / rate };
}

sh('modprobe pktgen');
for (let run = 0; run < runs; run += 1) {
  const [past, ...through] = SYSTEMS;
  const without = await measure(past);
  for (const system of through) {
    const { packet, request } = await measure(system);
    say(`${system.name}, its CPU for a packet (ns)`, packet - without.packet);
    say(`${system.name}, its CPU for a request (µs)`, (request - without.request) / 1e3);
  }
}
process.exit(0);
