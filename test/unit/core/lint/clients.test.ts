import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientFindings, type SeenClients, servicesBeside, watchClients } from '../../../../src/core/lint/clients.ts';
import type { Balanced } from '../../../../src/model/nic.ts';
import { rackDocument } from '../../../fakes/rackDocument.ts';

const document = rackDocument();
const call = (client: string, server = '192.0.2.12'): Balanced => ({
  client,
  address: '198.51.100.10',
  port: 80,
  server,
});

function found(connections: readonly Balanced[], pair = document, before: SeenClients = new Map(), now = 0) {
  return clientFindings(watchClients(before, connections, pair, now)).map(({ code, text }) => `${code}: ${text}`);
}

test('a real server that calls the service itself is a hairpin client, by its name', () => {
  assert.deepEqual(found([call('192.0.2.11'), call('203.0.113.10')]), [
    'hairpin-clients: the real server s1 (192.0.2.11) called web itself, and got s2',
  ]);
});

test('other clients out of the servers’ own network are told together, three by name', () => {
  assert.deepEqual(found([101, 102, 103, 104, 105].map((last) => call(`192.0.2.${last}`))), [
    'clients-beside-servers: 192.0.2.101, 192.0.2.102, 192.0.2.103 and 2 more called web out of the servers’ own network, and got s2',
  ]);
});

test('direct routing answers neighbours well: they are no matter', () => {
  const direct = rackDocument((text) =>
    text
      .replaceAll(/(address: 192\.0\.2\.1[123]), port: 8080 \}/g, '$1, port: 80, forwarding: direct }')
      .replace(/ {2}- name: echo[\s\S]*/, ''),
  );
  assert.deepEqual(found([call('192.0.2.101')], direct), []);
});

test('such a client is told of for ten minutes, and no more than 256 are remembered', () => {
  const seen = watchClients(new Map(), [call('192.0.2.101')], document, 0);
  assert.equal(watchClients(seen, [], document, 599_000).size, 1);
  assert.equal(watchClients(seen, [], document, 600_000).size, 0);
  const wide = rackDocument((text) =>
    text.replaceAll('192.0.2.', '10.0.2.').replaceAll(/(10\.0\.2\.\d+)\/24/g, '$1/16'),
  );
  const many = Array.from({ length: 1000 }, (_, index) => ({
    ...call(`10.0.${10 + Math.floor(index / 250)}.${1 + (index % 250)}`, '10.0.2.12'),
  }));
  assert.equal(watchClients(new Map(), many, wide, 0).size, 256);
});

test('a service at an address of the servers’ own network is told from the document', () => {
  const beside = rackDocument((text) => text.replace('port: 80\n', 'port: 80\n    address: 192.0.2.1\n'));
  assert.deepEqual(servicesBeside(beside), [
    {
      code: 'clients-beside-servers',
      subject: 'web',
      text: 'web is at 192.0.2.1, in the network 192.0.2.0/24 of its servers s1, s2, s3',
      index: 0,
      address: '192.0.2.1',
    },
  ]);
  assert.deepEqual(servicesBeside(document), []);
});
