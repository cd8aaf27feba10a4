import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compileLane, missingNic } from '../../../../src/core/document/compileLane.ts';
import { canonical } from '../../../../src/model/document.ts';
import { laneSchema } from '../../../../src/model/lane.ts';
import { parseDocument, parseNodeFile } from '../../../../src/model/parseDocument.ts';
import { changed, DOCS, type Draft, EXAMPLE } from '../../model/example.ts';

const nodeFile = (name: string) => {
  const text = readFileSync(join(DOCS, 'example-node.yaml'), 'utf8').replace('name: a', `name: ${name}`);
  const parsed = parseNodeFile(text);
  assert.ok(parsed.ok);
  return parsed.document;
};

const lane = (name: string, change: (document: Draft) => void = () => {}) => {
  const parsed = changed(change);
  assert.ok(parsed.ok);
  return compileLane(parsed.document, nodeFile(name), 'c0ffee');
};

test('router b of the example, and the lane’s own schema takes it', () => {
  const parsed = parseDocument(EXAMPLE);
  assert.ok(parsed.ok);
  const compiled = compileLane(parsed.document, nodeFile('b'), 'c0ffee');
  assert.deepEqual(compiled, {
    node: 'b',
    pairName: 'rack',
    digest: 'c0ffee',
    floats: {
      public: { address: '198.51.100.10', prefix: 24, device: 'eth0', label: 'eth0:1' },
      private: { address: '192.0.2.1', prefix: 24, device: 'eth1', label: 'eth1:1' },
    },
    nics: {
      public: { device: 'eth0', address: '198.51.100.3', prefix: 24 },
      private: { device: 'eth1', address: '192.0.2.3', prefix: 24 },
    },
    peer: { public: '198.51.100.2', private: '192.0.2.2' },
    neighbours: [
      { side: 'public', address: '198.51.100.1', kind: 'gateway' },
      { side: 'private', address: '192.0.2.11', kind: 'server' },
      { side: 'private', address: '192.0.2.12', kind: 'server' },
      { side: 'private', address: '192.0.2.13', kind: 'server' },
    ],
    links: ['serial', 'private', 'public'],
    serial: { path: '/dev/ttyS1', baud: 115200 },
    port: 7946,
    intervalMs: 12,
    deadlineMs: 50,
    keyFile: '/etc/tandem/pair.key',
  });
  assert.deepEqual(laneSchema.parse(JSON.parse(JSON.stringify(compiled))), compiled);
});

test('a heartbeat NIC: its own address, the twin’s, and the link; without one in the node file neither', () => {
  const parsed = changed((document) => {
    document.nodes.a.heartbeat = '169.254.84.1/30';
    document.nodes.b.heartbeat = '169.254.84.2/30';
    document.heartbeat.links = ['serial', 'heartbeat'];
  });
  assert.ok(parsed.ok);
  const bare = nodeFile('b');
  const equipped = { ...bare, heartbeat: { device: 'eth2' } };
  const compiled = compileLane(parsed.document, equipped, 'c0ffee');
  assert.deepEqual(compiled.links, ['serial', 'heartbeat']);
  assert.deepEqual(compiled.heartbeat, { device: 'eth2', address: '169.254.84.2', prefix: 30, peer: '169.254.84.1' });
  assert.equal(missingNic(parsed.document, equipped), undefined);
  const without = compileLane(parsed.document, bare, 'c0ffee');
  assert.deepEqual([without.links, without.heartbeat], [['serial'], undefined]);
  assert.equal(missingNic(parsed.document, bare)?.path, 'heartbeat.links[1]');
});

test('a preferred router, with its time in ms; without one nothing, and the digest of older documents', () => {
  const prefer = (failover: object) =>
    lane('a', (document) => {
      document.failover = failover;
    }).preference;
  assert.deepEqual(prefer({ preferred: 'b' }), { node: 'b', afterMs: 300_000 });
  assert.deepEqual(prefer({ preferred: 'a', prefer_after_s: 10 }), { node: 'a', afterMs: 10_000 });
  assert.equal(prefer({ prefer_after_s: 10 }), undefined);
  assert.equal('preference' in lane('a'), false);
  const parsed = parseDocument(EXAMPLE);
  assert.ok(parsed.ok);
  assert.doesNotMatch(canonical(parsed.document), /failover/);
});

test('the two boxes are each other’s mirror', () => {
  const [a, b] = [lane('a'), lane('b')];
  assert.deepEqual(a.floats, b.floats);
  for (const side of ['public', 'private'] as const) {
    assert.equal(a.peer[side], b.nics[side].address);
    assert.equal(b.peer[side], a.nics[side].address);
  }
});

test('a float may ride on any device, and two on one device keep apart by label', () => {
  const other = lane('a', (document) => {
    document.floats.public.device = 'bond0';
  });
  assert.equal(other.floats.public.label, 'bond0:1');
  assert.equal(other.floats.private.label, 'eth1:1');
  assert.equal(other.nics.public.device, 'eth0');
  const same = lane('a', (document) => {
    document.floats.public.device = 'eth1';
  });
  assert.deepEqual([same.floats.public.label, same.floats.private.label], ['eth1:1', 'eth1:2']);
});

test('of many real servers 16 addresses are asked, each once, and none that does not need the private float', () => {
  const { neighbours } = lane('a', (document) => {
    document.services[0]!.servers = [
      { name: 'direct', address: '192.0.2.200', port: 80, forwarding: 'direct' },
      { name: 'far', address: '203.0.113.9', port: 80 },
      ...Array.from({ length: 40 }, (_, index) => ({ name: `s${index}`, address: `192.0.2.${50 + index}`, port: 80 })),
    ];
  });
  assert.deepEqual(
    neighbours.map(({ address }) => address),
    ['198.51.100.1', ...Array.from({ length: 16 }, (_, index) => `192.0.2.${50 + index}`)],
  );
});

test('without a gateway only real servers are asked', () => {
  const { neighbours } = lane('a', (document) => {
    delete document.gateway;
  });
  assert.ok(neighbours.every(({ kind }) => kind === 'server'));
});

test('a lane file without neighbours is read as one that asks nobody', () => {
  const { neighbours: _none, ...older } = lane('a');
  assert.deepEqual(laneSchema.parse(older).neighbours, []);
});

test('an IPv6 float has prefix 128, and the own address the network’s', () => {
  const compiled = lane('b', (document) => {
    document.floats.private.address6 = '2001:db8:1::1/64';
    document.nodes.a.private6 = '2001:db8:1::2/64';
    document.nodes.b.private6 = '2001:db8:1:0::3/64';
  });
  assert.deepEqual(compiled.floats.private.address6, { address: '2001:db8:1::1', prefix: 128 });
  assert.deepEqual(compiled.nics.private.address6, { address: '2001:db8:1::3', prefix: 64 });
  assert.equal('address6' in compiled.floats.public, false);
  assert.deepEqual(laneSchema.parse(JSON.parse(JSON.stringify(compiled))), compiled);
});
