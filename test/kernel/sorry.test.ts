import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ApplyResult } from '../../src/model/control.ts';
import { Client, ControllerBox, EchoServer, savedTable, until } from './controllerBox.ts';
import { enterNamespace, sh } from './netns.ts';
import { buildSegments, holdFloats } from './segments.ts';

/** A service with two real servers, a ping for a check, and s3 as its sorry server. */

const PREFIX = 'sorry';
const INTERVAL = 500;

const document = `tandem: 1
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
    check: { type: icmp, interval_ms: ${INTERVAL}, timeout_ms: 400, rise: 2, fall: 2 }
    sorry_server: { address: 192.0.2.13, port: 8080 }
    servers:
      - { name: s1, address: 192.0.2.11, port: 8080 }
      - { name: s2, address: 192.0.2.12, port: 8080 }
`;

const client = `${PREFIX}-client`;
const servers = ['s1', 's2', 's3'].map((name) => new EchoServer(`${PREFIX}-${name}`, name));
let box: ControllerBox;
let segments: { remove: () => void } | undefined;

before(async () => {
  enterNamespace();
  segments = buildSegments(PREFIX);
  holdFloats();
  for (const server of servers) await server.start();
  box = new ControllerBox();
  await box.start();
});

after(async () => {
  await box.remove();
  for (const server of servers) await server.stop();
  segments?.remove();
});

/** Who answers each of six new clients. */
async function answering(): Promise<string[]> {
  const names: string[] = [];
  for (let i = 0; i < 6; i += 1) {
    const connection = await Client.open(client);
    names.push((await connection.exchange()).server);
    connection.close();
  }
  return [...new Set(names)].sort();
}

const link = (server: string, state: 'up' | 'down'): void => {
  sh(`ip -n ${PREFIX}-${server} link set eth0 ${state}`);
  if (state === 'up') sh(`ip -n ${PREFIX}-${server} route replace default via 192.0.2.1`);
};

test('with its quorum a service is answered by its own servers', async () => {
  assert.deepEqual((await box.apply<ApplyResult>(document)).refused, []);
  await until('answers', 10_000, async () =>
    (await box.status()).services[0]!.servers.every((server) => server.up && server.weight === 1),
  );
  assert.deepEqual(await answering(), ['s1', 's2']);
  assert.doesNotMatch(savedTable(), /192\.0\.2\.13/);
});

test('without a quorum the sorry server gets the new clients, and servers that return get them back', async (t) => {
  link('s1', 'down');
  link('s2', 'down');
  const lost = await until('sorry', 15_000, () => /192\.0\.2\.13:8080 .*-w 1/.test(savedTable()));
  t.diagnostic(`sorry server in the table after ${lost.toFixed(0)} ms`);
  assert.deepEqual(await answering(), ['s3']);
  const status = await box.status();
  assert.equal(status.services[0]!.sorry, true);
  assert.ok(status.alarms.some((alarm) => alarm.code === 'quorum-lost' && alarm.subject === 'web'));

  const held = await Client.open(client);
  assert.equal((await held.exchange()).server, 's3');
  link('s1', 'up');
  const had = await until('quorum', 20_000, () => /192\.0\.2\.11:8080 .*-w 1/.test(savedTable()));
  t.diagnostic(`a real server back in use after ${had.toFixed(0)} ms`);
  assert.match(savedTable(), /192\.0\.2\.13:8080 .*-w 0/, 'it keeps the client that it has');
  assert.deepEqual(await answering(), ['s1']);
  assert.equal((await held.exchange()).server, 's3');
  held.close();
  assert.equal((await box.status()).services[0]!.sorry, false);
});
