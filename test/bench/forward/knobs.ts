/** Inside the test machine: what each knob of `knobTable.ts` costs off and on, in turns, in lines of JSON. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sh } from '../../kernel/netns.ts';
import { rules } from '../apply/table.ts';
import { flood } from './flood.ts';
import { KNOBS, type Knob, type Load } from './knobTable.ts';
import { gainName } from './report.ts';
import { GUARDED, startTandem } from './systems.ts';
import { bulkBytes, requests, Web } from './web.ts';
import { buildWires, CLIENT, removeWires, SERVERS, VIP } from './wires.ts';

const [runs = 3, count = 20_000, seconds = 1] = process.argv.slice(2).map(Number);
/** Clients' ports: 1,037 flows, and 61,000 of them. */
const FEW = 17;
const MANY = 1_000;
const CLIENTS = 61;
const KERNEL_BITS = 12;
const MANY_SERVERS = { services: 100, servers: 100 } as const;

const say = (name: string, value: number): void => console.log(JSON.stringify({ name, value }));

/** ns of the processor for one datagram, in the mean of both directions. */
function datagram(ports: number, many: number): number {
  const { toServers, toClients } = flood({ way: 'balanced', count: many, ports });
  return (toServers + toClients) / 2;
}

const LOADS: Readonly<Record<Load, { readonly unit: string; readonly cost: () => number }>> = {
  datagrams: { unit: 'datagram (ns)', cost: () => datagram(FEW, count) },
  requests: { unit: 'request (µs)', cost: () => 1e6 / requests(VIP, 80, seconds) },
  bulk: { unit: 'MiB (µs)', cost: () => (1e6 * 2 ** 20) / bulkBytes(VIP, 80, seconds) },
};

/** The router as Tandem leaves it: its controller is gone, so that nothing repairs what is turned here. */
async function withTandem(more: string, act: () => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
  buildWires();
  // Packets of the size that a wire carries: a veth would pass on what a NIC has to cut.
  for (const space of [CLIENT, SERVERS]) sh(`ip netns exec ${space} ethtool -K eth0 tso off gso off gro on`);
  const web = new Web(folder);
  await web.start();
  const box = await startTandem(more);
  await box.end('SIGKILL');
  flood({ way: 'balanced', count: CLIENTS * FEW, ports: FEW });
  act();
  await box.remove();
  sh('ipvsadm -C; ipvsadm --stop-daemon master; ipvsadm --stop-daemon backup');
  await web.stop();
  removeWires();
  rmSync(folder, { recursive: true });
}

function turn(knob: Knob): void {
  for (const state of ['off', 'on'] as const) {
    sh(knob[state]);
    for (const load of ['datagrams', ...(knob.loads ?? [])] as const) {
      const { unit, cost } = LOADS[load];
      say(gainName(knob.name, unit, state), cost());
    }
  }
  if (knob.ours === 'off') sh(knob.off);
}

/** @param bits undefined = what the image says */
function reload(bits: number | undefined): void {
  const word = bits === undefined ? '' : ` conn_tab_bits=${bits}`;
  sh(`lsmod | awk '/^ip_vs_/ { print $1 }' | xargs -r rmmod; rmmod ip_vs; modprobe ip_vs${word}
    grep '^ip_vs' /etc/modules-load.d/tandem.conf | xargs modprobe -a`);
}

/** What hangs on the number of connections. */
async function table(): Promise<void> {
  for (const [state, bits] of [
    ['off', KERNEL_BITS],
    ['on', undefined],
  ] as const) {
    reload(bits);
    await withTandem('', () => {
      flood({ way: 'balanced', count: CLIENTS * MANY, ports: MANY });
      for (let run = 0; run < runs; run += 1) {
        say(
          gainName('conn_tab_bits 12 → 18, 61,000 connections', 'datagram (ns)', state),
          datagram(MANY, CLIENTS * MANY),
        );
        say(
          gainName('conn_tab_bits 12 → 18, 1,037 of 61,000 connections', 'datagram (ns)', state),
          datagram(FEW, count),
        );
      }
    });
  }
}

/** What hangs on the number of servers: their counters are summed up every 2 s. */
async function estimators(): Promise<void> {
  await withTandem('', () => {
    const path = join(tmpdir(), 'tandem-bench-rules');
    writeFileSync(path, rules(MANY_SERVERS));
    sh(`ipvsadm -R <${path}`);
    for (let run = 0; run < runs; run += 1) {
      for (const [state, value] of [
        ['off', 1],
        ['on', 0],
      ] as const) {
        sh(`sysctl -qw net.ipv4.vs.run_estimation=${value}`);
        say(
          gainName('net.ipv4.vs.run_estimation 1 → 0, 10,000 servers', 'datagram (ns)', state),
          datagram(FEW, 5 * count),
        );
      }
    }
  });
}

sh('modprobe pktgen');
for (const [guarded, more] of [
  [true, GUARDED],
  [false, ''],
] as const) {
  const knobs = KNOBS.filter(({ document }) => (document === 'guarded') === guarded);
  await withTandem(more, () => {
    for (let run = 0; run < runs; run += 1) for (const knob of knobs) turn(knob);
  });
}
await estimators();
await table();
process.exit(0);
