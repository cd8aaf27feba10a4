import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { ControllerBox, EchoServer, until } from './controllerBox.ts';
import { enterNamespace, sh } from './netns.ts';
import { buildSegments, holdFloats, within } from './segments.ts';

/** A real server that has lost its way back: the kernel's counters tell it, and the alarm names it. */

const PREFIX = 'rep';

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
    check: { type: tcp, interval_ms: 1000, timeout_ms: 300, rise: 2, fall: 2 }
    servers:
      - { name: s1, address: 192.0.2.11, port: 8080 }
      - { name: s2, address: 192.0.2.12, port: 8080 }
      - { name: s3, address: 192.0.2.13, port: 8080 }
`;

const servers = ['s1', 's2', 's3'].map((name) => new EchoServer(`${PREFIX}-${name}`, name));
const sockets: Socket[] = [];
let box: ControllerBox;
let segments: { remove: () => void } | undefined;

before(async () => {
  enterNamespace();
  segments = buildSegments(PREFIX);
  holdFloats();
  for (const server of servers) await server.start();
  box = new ControllerBox();
  await box.start();
  await box.apply(DOCUMENT);
});

after(async () => {
  for (const socket of sockets) socket.destroy();
  await box.remove();
  for (const server of servers) await server.stop();
  segments?.remove();
});

/** Clients that ask, and ask again for as long as nobody answers (tcp(7), tcp_syn_retries). */
async function ask(count: number): Promise<void> {
  for (let asked = 0; asked < count; asked += 1) {
    const socket = await within(`${PREFIX}-client`, () => connect(80, '198.51.100.10'));
    sockets.push(socket.on('error', () => {}));
  }
}

const missing = async (): Promise<string[]> =>
  (await box.status()).alarms.filter(({ code }) => code === 'replies-missing').map(({ subject }) => subject);

test('a server without its default route is named although its check is good, and no longer once it has one', async (t) => {
  sh(`ip -n ${PREFIX}-s2 route del default`);
  await ask(60);
  const took = await until('the alarm', 40_000, async () => (await missing()).length > 0);
  assert.deepEqual(await missing(), ['web/s2']);
  t.diagnostic(`named after ${Math.round(took)} ms`);
  sh(`ip -n ${PREFIX}-s2 route add default via 192.0.2.1`);
  await ask(6);
  await until('the end of the alarm', 20_000, async () => (await missing()).length === 0);
});
