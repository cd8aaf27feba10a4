/**
 * Prints what statistics of 10,000 destinations cost the controller: `node test/bench/statistics.ts [SERVICES]`. The table is
 * made in memory; reading it from the kernel is the reconcile loop's cost with or without statistics (test/kernel/bench).
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHistory } from '../../firmware/store/history.ts';
import { initialStats, layoutOf, step } from '../../src/core/stats/index.ts';
import type { PairDocument } from '../../src/model/document.ts';
import type { IpvsState } from '../../src/model/ipvs.ts';
import type { StatsRow } from '../../src/model/stats.ts';

const SERVERS = 10_000;
const SERVICES = Number(process.argv[2] ?? 100);
const ROUNDS = 180;
const WARM_UP = 20;

const servers = Array.from({ length: SERVERS / SERVICES }, (_, i) => ({
  name: `s${i}`,
  address: `192.0.2.${1 + (i % 250)}`,
  port: 1024 + Math.floor(i / 250),
}));
const services = Array.from({ length: SERVICES }, (_, i) => ({
  ...{ name: `web${i}`, protocol: 'tcp', address: '198.51.100.10', port: 1 + i, servers },
}));
const counters = (n: number) => ({
  connections: n,
  packetsIn: 9 * n,
  packetsOut: 8 * n,
  bytesIn: 900 * n,
  bytesOut: 9e4 * n,
});

const table = (round: number) =>
  ({
    services: services.map((service, i) => ({
      ...service,
      counters: counters(round * 100 + i),
      destinations: servers.map((server, k) => ({
        ...server,
        active: k,
        inactive: 1,
        weight: 1,
        counters: counters(round * k),
      })),
    })),
  }) as unknown as IpvsState;

function print(what: string, ms: readonly number[]): void {
  const sorted = ms.toSorted((one, other) => one - other);
  const at = (share: number): string => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(2);
  console.log(`${what}: median ${at(0.5)} ms, ${at(0)} to ${at(1)} ms (${ms.length} times)`);
}

const document = { services } as unknown as Pick<PairDocument, 'services'>;
let state = step(initialStats, { type: 'layout', layout: layoutOf(document) }, 0).state;
const [plain, minutes, writes]: number[][] = [[], [], []];
const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
const path = join(folder, 'statistics.db');
const history = openHistory(path);
let written = 0;
const begin = Date.UTC(2026, 0, 1);

function write(rows: readonly StatsRow[], now: number): void {
  for (let at = 0; at < rows.length; at += 1_000) {
    const started = performance.now();
    history.add(rows.slice(at, at + 1_000), now);
    writes!.push(performance.now() - started);
  }
  written += rows.length;
}

let waiting: StatsRow[] = [];
for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
  const ipvs = table(round);
  const now = begin + round * 1_000;
  const started = performance.now();
  const stepped = step(state, { type: 'sample', ipvs, wall: now }, round * 1_000);
  const ms = performance.now() - started;
  state = stepped.state;
  const rows = stepped.effects.flatMap((effect) => effect.rows);
  waiting.push(...rows);
  if (round >= WARM_UP) (rows.length > SERVERS ? minutes! : plain!).push(ms);
  if (round % 30 === 29) {
    write(waiting, now);
    waiting = [];
  }
}
console.log(`${SERVERS} destinations in ${SERVICES} services`);
print('one look', plain!);
print('one look that ends a minute', minutes!);
print('one write of at most 1,000 rows', writes!);
history.close();
console.log(
  `${written} rows in ${statSync(path).size} bytes, ${(statSync(path).size / written).toFixed(1)} bytes each`,
);
rmSync(folder, { recursive: true });
