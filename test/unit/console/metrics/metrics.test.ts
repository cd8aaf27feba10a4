import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { metricsPage } from '../../../../src/console/metrics/page.ts';
import { serveMetrics } from '../../../../src/console/metrics/server.ts';
import { METRIC_LIMITS } from '../../../../src/console/metrics/services.ts';
import { laneStatusSchema } from '../../../../src/model/status.ts';
import { VERSION } from '../../../../src/model/version.ts';
import { rackText } from '../../../fakes/rackDocument.ts';
import { LANE } from '../../cli/fake.ts';
import { Box } from '../../shell/controller/bench.ts';
import { labels, parseExposition } from './parse.ts';

const MEMORY = { resident: 60_000_000, heapUsed: 20_000_000 };
const GOLDEN = join(import.meta.dirname, 'golden/metrics.txt');
const web = { protocol: 'tcp', address: '198.51.100.10', port: 80 } as const;

async function running(text = rackText()) {
  const box = new Box();
  box.laneAnswer = (request) => ({ ok: true, result: request.do === 'status' ? laneStatusSchema.parse(LANE) : {} });
  const { controller } = await box.start(text);
  box.clock.advance(3_000);
  const s2 = box.kernel.ipvs.destination(web, { address: '192.0.2.12', port: 8080 });
  s2.counters = { connections: 12, packetsIn: 345, packetsOut: 678, bytesIn: 9_007_199_254_740_991, bytesOut: 1 };
  s2.active = 3;
  box.clock.advance(2_000);
  return { box, controller };
}

test('every line is of the format, names and units are as Prometheus wants them, and the page is the golden one', async () => {
  const { controller } = await running();
  const page = await metricsPage(controller, MEMORY);
  const families = parseExposition(page);
  for (const [name, { type, help }] of families) {
    assert.match(name, /^tandem_[a-z][a-z_]*$/);
    assert.equal(name.endsWith('_total'), type === 'counter', name);
    assert.doesNotMatch(name, /_(ms|milliseconds|kb|percent)(_|$)/);
    assert.ok(help.length > 5, name);
  }
  const value = (name: string, pairs: Record<string, string> = {}) => families.get(name)?.samples.get(labels(pairs));
  assert.equal(
    value('tandem_server_bytes_total', { service: 'web', server: 's2', direction: 'in' }),
    9_007_199_254_740_991,
  );
  assert.equal(value('tandem_server_active_connections', { service: 'web', server: 's2' }), 3);
  assert.equal(value('tandem_service_active_connections', { service: 'web' }), 3);
  assert.equal(value('tandem_role', { role: 'active' }), 1);
  assert.equal(value('tandem_role', { role: 'standby' }), 0);
  assert.equal(value('tandem_lane_late_seconds'), LANE.lateMs / 1_000);
  if (process.env.GOLDEN === 'write') writeFileSync(GOLDEN, page);
  const remedy = `GOLDEN=write node --test ${import.meta.filename} writes it anew`;
  assert.equal(
    page.replaceAll(`version="${VERSION}"`, 'version="0"'),
    readFileSync(GOLDEN, 'utf8').replaceAll(`version="${VERSION}"`, 'version="0"'),
    remedy,
  );
});

test('what the firewall dropped is there as soon as there is one, and what lint found by its code', async () => {
  const { box, controller } = await running();
  assert.equal(
    parseExposition(await metricsPage(controller, MEMORY)).has('tandem_firewall_dropped_packets_total'),
    false,
  );
  box.kernel.guard.drops = [
    { chain: 'input', packets: 7, bytes: 420 },
    { chain: 'forward', packets: 2, bytes: 80 },
  ];
  box.kernel.sysctls.values.set('net.ipv4.conf.all.rp_filter', '1');
  await controller.lint.look();
  const families = parseExposition(await metricsPage(controller, MEMORY));
  const value = (name: string, pairs: Record<string, string>) => families.get(name)?.samples.get(labels(pairs));
  assert.equal(value('tandem_firewall_dropped_packets_total', { chain: 'input' }), 7);
  assert.equal(value('tandem_firewall_dropped_bytes_total', { chain: 'forward' }), 80);
  assert.equal(value('tandem_lint_findings', { code: 'rp-filter-strict' }), 1);
  box.kernel.guard.dropped = () => {
    throw new Error('the kernel does not say');
  };
  assert.match(await metricsPage(controller, MEMORY), /tandem_samples_total/);
});

test('without lane and document there is still a page, and it says so', async () => {
  const box = new Box();
  box.laneAnswer = () => undefined;
  const { controller } = await box.start();
  const families = parseExposition(await metricsPage(controller, MEMORY));
  assert.equal(families.get('tandem_lane_up')?.samples.get('{}'), 0);
  assert.equal(families.has('tandem_role'), false);
  assert.equal(families.get('tandem_document_revision')?.samples.get('{}'), 0);
});

test('servers beyond the limit have no series; how many is said', async () => {
  const list = Array.from({ length: 2_500 }, (_, i) => `      - { name: n${i}, address: 10.0.${i >> 8}.${i & 255} }`);
  const text = rackText((text) =>
    text
      .replace(/(name: web[\s\S]*?servers:\n)(?: {6}- .*\n)+/, `$1${list.join('\n')}\n`)
      .replace(/ {2}- name: echo[\s\S]*$/, ''),
  );
  const box = new Box();
  const { controller } = await box.start(text);
  box.clock.advance(2_000);
  const page = await metricsPage(controller, MEMORY);
  const families = parseExposition(page);
  assert.equal(families.get('tandem_server_up')?.samples.size, METRIC_LIMITS.servers);
  assert.equal(families.get('tandem_left_out')?.samples.get(labels({ of: 'servers' })), 2_500 - METRIC_LIMITS.servers);
  assert.ok(page.length < 4_000_000, `${page.length} bytes`);
  controller.close();
});

test('served at the loopback address: one page a second however many ask, nothing but GET /metrics', async (t) => {
  const { box, controller } = await running();
  const said: string[] = [];
  const log = (text: string): void => void said.push(text);
  const server = serveMetrics(
    controller,
    { listen: '127.0.0.1', port: 0 },
    { clock: box.clock, memory: () => MEMORY, log },
  );
  // A failed test must not leave it listening: the process would never end.
  t.after(() => server.close());
  while (server.place() === undefined) await new Promise((done) => setImmediate(done));
  const { address, port } = server.place()!;
  assert.equal(address, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  box.laneAsked.length = 0;
  const pages = await Promise.all(Array.from({ length: 8 }, () => fetch(`${url}/metrics`)));
  assert.equal(pages[0]!.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const texts = new Set(await Promise.all(pages.map((page) => page.text())));
  assert.equal(texts.size, 1);
  assert.equal(box.laneAsked.filter((request) => request.do === 'status').length, 1);
  box.clock.advance(1_000);
  parseExposition(await (await fetch(`${url}/metrics`)).text());
  assert.equal(box.laneAsked.filter((request) => request.do === 'status').length, 2);
  assert.equal((await fetch(`${url}/metrics`, { method: 'POST', body: 'x' })).status, 405);
  assert.equal((await fetch(`${url}/`)).status, 404);
  assert.equal(await (await fetch(`${url}/metrics`, { method: 'HEAD' })).text(), '');
  await server.close();
  await assert.rejects(fetch(`${url}/metrics`));
  controller.close();
});

test('a port that is taken is said once and tried again', async (t) => {
  const { box, controller } = await running();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const said: string[] = [];
  let heard: () => void = () => {};
  const log = (text: string): void => {
    said.push(text);
    heard();
  };
  const refused = new Promise<void>((done) => {
    heard = done;
  });
  const server = serveMetrics(
    controller,
    { listen: '127.0.0.1', port },
    { clock: box.clock, memory: () => MEMORY, log },
  );
  // A failed test must not leave it listening: the process would never end.
  t.after(() => server.close());
  await refused;
  assert.match(said[0]!, /no metrics at 127\.0\.0\.1:\d+: .*EADDRINUSE/);
  await new Promise((done) => other.close(done));
  const listening = new Promise<void>((done) => {
    heard = done;
  });
  box.clock.advance(5_000);
  await listening;
  assert.match(said[1]!, /^metrics at /);
  await server.close();
  controller.close();
});
