import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { canonical, LIMITS } from '../../../src/model/document.ts';
import { parseDocument, parseNodeFile } from '../../../src/model/parseDocument.ts';
import { changed, DOCS, draft, EXAMPLE, faultsOf, warningsOf } from './example.ts';

test('the example is sound, without a warning, and its defaults are filled', () => {
  const parsed = parseDocument(EXAMPLE);
  assert.deepEqual(warningsOf(parsed), []);
  assert.ok(parsed.ok);
  const [web, echo, hold] = parsed.document.services;
  assert.equal(web?.address, '198.51.100.10');
  assert.equal(web?.check.type, 'tcp');
  assert.equal(hold?.check.type, 'tcp');
  assert.equal(echo?.one_packet, false);
  assert.deepEqual(
    hold?.servers.map(({ address, port, weight, forwarding }) => [address, port, weight, forwarding]),
    ['11', '12', '13'].map((last) => [`192.0.2.${last}`, 8081, 1, 'masquerade']),
  );
});

test('JSON and YAML of the same document have one canonical text, whatever the order of the fields', () => {
  const yaml = parseDocument(EXAMPLE);
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, field]) => [key, reversed(field)]),
    );
  };
  const json = parseDocument(JSON.stringify(reversed(draft()), null, '\t'));
  assert.ok(yaml.ok && json.ok);
  assert.equal(canonical(json.document), canonical(yaml.document));
  const other = changed((document) => {
    document.services[0].servers[0].weight = 2;
  });
  assert.ok(other.ok);
  assert.notEqual(canonical(other.document), canonical(yaml.document));
});

test('what stands alone in the document is enough: heartbeat and services have defaults', () => {
  const parsed = changed((document) => {
    delete document.heartbeat;
    delete document.services;
    delete document.gateway;
  });
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.document.heartbeat, {
    interval_ms: 12,
    deadline_ms: 50,
    links: ['serial', 'private', 'public'],
    serial_baud: 115200,
    port: 7946,
  });
  assert.deepEqual(parsed.document.services, []);
});

test('faults of form and between fields come in one answer, each with path, value and remedy', () => {
  const text = EXAMPLE.replace('name: rack\n', '')
    .replace('192.0.2.1/24', '192.0.3.1/24')
    .replace('weight: 1', 'wieght: 70000')
    .replace('port: 80\n', 'port: "80"\n')
    .replace('scheduler: rr', 'scheduler: wrl');
  const parsed = parseDocument(text);
  assert.ok(!parsed.ok);
  assert.deepEqual(parsed.faults, [
    {
      path: 'name',
      value: '(missing)',
      remedy: 'is missing: give a name of 1 to 32 lower-case letters, digits and hyphens',
    },
    { path: 'services[0].port', value: '"80"', remedy: 'give a whole number from 1 to 65535' },
    {
      path: 'services[0].scheduler',
      value: '"wrl"',
      remedy: 'give one of: rr, wrr, lc, wlc, lblc, lblcr, dh, sh, mh, sed, nq, fo, ovf, twos; did you mean "wrr"?',
    },
    {
      path: 'services[0].servers[0].wieght',
      value: '70000',
      remedy: 'there is no such field here; did you mean "weight"?',
    },
    {
      path: 'floats.private.address',
      value: '"192.0.3.1/24"',
      remedy: 'give an address of the routers’ private network, 192.0.2.0/24 of nodes.a.private',
    },
  ]);
});

test('a mapping in the wrong place says which fields belong there', () => {
  const parsed = changed((document) => {
    document.heartbeat = [1];
    document.nodes.a = '198.51.100.2';
    document.services[1] = null;
  });
  assert.deepEqual(faultsOf(parsed), [
    'nodes.a: give a mapping with the fields public, private, heartbeat, public6, private6',
    'heartbeat: give a mapping with the fields interval_ms, deadline_ms, links, serial_baud, port',
    'services[1]: give a mapping with the fields name, protocol, address, port, scheduler, persistence_s, one_packet, addresses, ports, fwmark, family, scheduler_flags, persistence_netmask, persistence_engine, check, sorry_server, quorum, quorum_by, quorum_hysteresis, slow_start_s, servers',
  ]);
});

test('limits hold: one more service or server than allowed is refused, the most is read', () => {
  const service = (index: number) => ({ name: `s${index}`, protocol: 'tcp', port: index + 1 });
  const services = (count: number) =>
    changed((document) => {
      document.services = Array.from({ length: count }, (_, index) => service(index));
    });
  assert.ok(services(LIMITS.services).ok);
  assert.match(faultsOf(services(LIMITS.services + 1))[0] ?? '', /^services: give at most 2000 virtual services$/);
  const servers = (...counts: number[]) => {
    const document = draft();
    let at = 0;
    document.services = counts.map((count, index) => ({
      ...service(index),
      servers: Array.from({ length: count }, () => {
        at++;
        return { name: `s${at}`, address: `10.0.${at >> 8}.${at & 255}`, port: 8080, weight: 1 };
      }),
    }));
    return document;
  };
  const half = LIMITS.servers / 2;
  for (const text of [JSON.stringify(servers(half, half)), stringify(servers(half / 2))]) {
    const started = performance.now();
    const parsed = parseDocument(text);
    assert.ok(parsed.ok, faultsOf(parsed)[0]);
    assert.equal(parsed.warnings.length, LIMITS.faults, 'warnings are bounded too');
    assert.ok(performance.now() - started < 20_000);
  }
  assert.deepEqual(faultsOf(parseDocument(JSON.stringify(servers(half, half + 1)))), [
    `services: give at most ${LIMITS.servers} real servers in the whole document`,
  ]);
});

test('faults are bounded and the last one says how many more there are', () => {
  const parsed = changed((document) => {
    document.services = Array.from({ length: 500 }, () => ({}));
  });
  assert.ok(!parsed.ok);
  assert.equal(parsed.faults.length, LIMITS.faults);
  assert.deepEqual(parsed.faults.at(-1), {
    path: 'document',
    value: `${500 * 2 - 99} more faults`,
    remedy: 'correct those above first',
  });
});

test('printed values are short', () => {
  const parsed = changed((document) => {
    document.name = 'x'.repeat(10_000);
    document[`y${'y'.repeat(10_000)}`] = 1;
  });
  assert.ok(!parsed.ok);
  for (const { path, value } of parsed.faults) assert.ok(value.length <= 80 && path.length <= 80);
});

test('the web console’s port and names are judged too', () => {
  const node = (text: string) => parseNodeFile(`name: a\npublic: {device: eth0}\nprivate: {device: eth1}\n${text}`);
  assert.ok(node('console: { port: 8443, names: [lvs-a.example.net, 192.0.2.9] }').ok);
  assert.deepEqual(faultsOf(node('console: { port: 0, names: ["https://x", a:443] }')), [
    'console.port: give a whole number from 1 to 65535',
    'console.names[0]: give a host name or an IPv4 address without a port',
    'console.names[1]: give a host name or an IPv4 address without a port',
  ]);
});

test('the example node file is sound; a wrong one names its fields', () => {
  const text = readFileSync(join(DOCS, 'example-node.yaml'), 'utf8');
  const parsed = parseNodeFile(text);
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.document, {
    name: 'a',
    public: { device: 'eth0' },
    private: { device: 'eth1' },
    peer_line: '/dev/ttyS1',
    key_file: '/etc/tandem/pair.key',
    console: { port: 443, names: [] },
  });
  assert.deepEqual(faultsOf(parseNodeFile(text.replace('eth1', 'eth0'))), [
    'private.device: give the private side its own NIC',
  ]);
  assert.deepEqual(faultsOf(parseNodeFile(`${text}heartbeat: { device: eth1 }`)), [
    'heartbeat.device: give the heartbeat its own NIC, or leave it out: beats over the private NIC are the link private',
  ]);
  assert.deepEqual(
    faultsOf(parseNodeFile('name: c\npublic: {device: "eth0:1"}\nprivate: {device: eth1}\npeer_line: ttyS1')),
    [
      'name: give one of: a, b',
      'public.device: give the name of a network interface of at most 13 characters, like eth0',
      'peer_line: give an absolute path, like /dev/ttyS1',
    ],
  );
});
