import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { createProber } from '../../firmware/health/prober.ts';
import type { ProbeAnswer } from '../../src/ports/health.ts';
import { enterNamespace, sh } from './netns.ts';

/** TCP checks against what a network does to them: nobody there, no way there, and a firewall of this box's own. */

const prober = createProber({ icmpId: 1, scripts: '/nowhere' });
after(prober.close);

const ask = (address: string, timeout: number, source?: string): Promise<ProbeAnswer> =>
  new Promise((done) => {
    const target = { address, port: 8080, timeout, question: { type: 'tcp' } } as const;
    prober.ask(source === undefined ? target : { ...target, source }, done);
  });

before(() => {
  enterNamespace();
  sh(`
    ip link add eth1 type veth peer name wire; ip link set eth1 up; ip link set wire up
    ip addr add 192.0.2.2/24 dev eth1; ip -6 addr add 2001:db8::2/64 dev eth1 nodad
    # Nobody is behind the wire: what has a link-layer address is swallowed, for what has none nobody answers.
    ip neigh add 192.0.2.11 lladdr 02:00:00:00:00:11 dev eth1; ip neigh add 2001:db8::11 lladdr 02:00:00:00:00:11 dev eth1
    ip route add unreachable 203.0.113.0/25; ip route add prohibit 203.0.113.128/25
  `);
});

test('a network that swallows everything is timed out', async () => {
  assert.deepEqual(await ask('192.0.2.11', 300), { ok: false, reason: 'timed out' });
  assert.deepEqual(await ask('2001:db8::11', 300, '2001:db8::2'), { ok: false, reason: 'timed out' });
});

test('a host that answers no ARP is unreachable, as soon as the kernel gives up', async () => {
  assert.deepEqual(await ask('192.0.2.77', 30_000, '192.0.2.2'), { ok: false, reason: 'unreachable' });
});

test('a server over IPv6 is there, or refuses', async () => {
  const server = createServer((socket) => socket.on('error', () => {})).listen(8080, '2001:db8::2');
  await once(server, 'listening');
  const { ok, reason } = await ask('2001:db8::2', 30_000, '2001:db8::2');
  assert.equal(ok, true, reason);
  await new Promise((done) => server.close(done));
  assert.deepEqual(await ask('2001:db8::2', 30_000), { ok: false, reason: 'refused' });
});

test('a network without a way is unreachable', async () => {
  assert.deepEqual(await ask('203.0.113.5', 30_000), { ok: false, reason: 'unreachable' });
  assert.deepEqual(await ask('10.1.2.3', 30_000), { ok: false, reason: 'unreachable' });
});

test('what this box itself forbids proves nothing', async () => {
  assert.deepEqual(await ask('203.0.113.200', 30_000), { ok: null, reason: 'this process may not ask' });
});

test('an address of the other family is no source, and the kernel chooses', async () => {
  assert.deepEqual(await ask('2001:db8::11', 300, '192.0.2.2'), { ok: false, reason: 'timed out' });
});
