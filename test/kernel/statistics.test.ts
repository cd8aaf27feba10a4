import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ApplyResult } from '../../src/model/control.ts';
import { type StatsResult, type Top, topSchema } from '../../src/model/stats.ts';
import { labels, parseExposition } from '../unit/console/metrics/parse.ts';
import { Client, ControllerBox, EchoServer, until } from './controllerBox.ts';
import { enterNamespace, sh } from './netns.ts';
import { buildSegments, holdFloats } from './segments.ts';

/** Counters of a real kernel on their way into metrics, top and history. */

const PREFIX = 'sts';
const PORT = 9595;
const DOCUMENT = `tandem: 1
name: rack
floats: { public: { address: 198.51.100.10/24 }, private: { address: 192.0.2.1/24 } }
nodes:
  a: { public: 198.51.100.2/24, private: 192.0.2.2/24 }
  b: { public: 198.51.100.3/24, private: 192.0.2.3/24 }
gateway: 198.51.100.1
services:
  - name: web
    protocol: tcp
    port: 80
    scheduler: rr
    servers:
      - { name: s1, address: 192.0.2.11, port: 8080 }
      - { name: s2, address: 192.0.2.12, port: 8080 }
`;
const program = join(import.meta.dirname, '../../src/cli/main.ts');
/** The kernel adds up every 2 s and the controller looks every second; an emulated machine is slow besides. */
const SEEN_MS = 15_000;

const client = `${PREFIX}-client`;
const servers = ['s1', 's2'].map((name) => new EchoServer(`${PREFIX}-${name}`, name));
let box: ControllerBox;
let segments: { remove: () => void } | undefined;

function tandem<T>(...args: string[]): T {
  const env = { ...process.env, TANDEM_RUN: join(box.folder, 'run') };
  return JSON.parse(execFileSync(process.execPath, [program, ...args], { env, encoding: 'utf8' })) as T;
}

async function metric(name: string, pairs: Record<string, string>): Promise<number | undefined> {
  const response = await fetch(`http://127.0.0.1:${PORT}/metrics`);
  assert.equal(response.status, 200);
  return parseExposition(await response.text())
    .get(name)
    ?.samples.get(labels(pairs));
}

before(async () => {
  enterNamespace();
  segments = buildSegments(PREFIX);
  holdFloats();
  for (const server of servers) await server.start();
  box = new ControllerBox();
  appendFileSync(join(box.folder, 'etc/node.yaml'), `metrics: { port: ${PORT} }\n`);
  await box.start();
  const applied = await box.apply<ApplyResult>(DOCUMENT);
  assert.deepEqual(applied.refused, []);
});

after(async () => {
  await box.remove();
  for (const server of servers) await server.stop();
  segments?.remove();
});

test('the metrics listen on the loopback address alone', () => {
  const listening = sh(`ss -Hltn 'sport = :${PORT}'`).trim().split('\n');
  assert.equal(listening.length, 1);
  assert.match(listening[0]!, new RegExp(`\\s127\\.0\\.0\\.1:${PORT}\\s`));
});

test('connections through the VIP move the counters in the metrics and the rates of top', async () => {
  const s1 = { service: 'web', server: 's1' };
  await until('the first look', SEEN_MS, async () => (await metric('tandem_server_connections_total', s1)) === 0);
  const open: Client[] = [];
  for (let i = 0; i < 10; i += 1) {
    const connection = await Client.open(client);
    await connection.exchange();
    open.push(connection);
  }
  let top: Top | undefined;
  await until('rates in top', SEEN_MS, async () => {
    top = topSchema.parse(await box.ask({ do: 'top', limit: 10 }));
    return top.total.rates.connections > 0 && top.servers.every((server) => server.rates.packetsOut > 0);
  });
  await until(
    'counters in the metrics',
    SEEN_MS,
    async () => (await metric('tandem_server_connections_total', s1)) === 5,
  );
  assert.equal(await metric('tandem_service_connections_total', { service: 'web' }), 10);
  assert.equal(await metric('tandem_service_active_connections', { service: 'web' }), 10);
  assert.equal(await metric('tandem_server_up', s1), 1);
  const kernel = sh('ipvsadm -Ln --stats --exact')
    .split('\n')
    .find((line) => line.includes('192.0.2.11:8080'));
  const [connections, , , bytesIn] = kernel!.trim().split(/\s+/).slice(2).map(Number);
  assert.equal(connections, 5);
  assert.equal(await metric('tandem_server_bytes_total', { ...s1, direction: 'in' }), bytesIn);
  const printed = topSchema.parse(tandem('top', '--once', '--json'));
  assert.deepEqual(printed.servers.map((server) => server.name).sort(), ['web/s1', 'web/s2']);
  assert.deepEqual(
    printed.servers.map((server) => server.active),
    [5, 5],
  );
  for (const connection of open) connection.close();
});

test('the history has the same connections after the controller was ended and started again', async () => {
  await box.end('SIGTERM');
  await box.start();
  const past = tandem<StatsResult>('stats', 'web', '--since', '10m', '--points', '1000', '--json');
  const total = past.points.reduce((sum, { rates, ms }) => sum + (rates.connections * ms) / 1_000, 0);
  assert.equal(Math.round(total * 1_000) / 1_000, 10, JSON.stringify(past.points));
  assert.ok(past.points.some(({ active }) => active === 10));
  const minutes = tandem<StatsResult>('stats', 'web/s1', '--since', '10m', '--json');
  assert.ok(minutes.points.some(({ rates, active }) => rates.connections > 0 && active === 5));
});
