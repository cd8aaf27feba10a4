import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openArp } from '../../firmware/packet/arp.ts';
import type { ArpClaim } from '../../src/model/network.ts';
import { enterNamespace, Happenings, json, sh } from './netns.ts';

const MAC = '02:00:00:00:00:0a';
const PEER_MAC = '02:00:00:00:00:0b';
const PEER = `tandem-arp-${process.pid}`;

let arp: ReturnType<typeof openArp>;

/**
 * Probes the neighbour until it answers: a link that has just come up drops what is sent before the kernel has noticed,
 * and says nothing of it.
 */
async function cableWorks(): Promise<void> {
  const claims = new Happenings<ArpClaim>();
  const close = arp.watch('eth1', '192.0.2.3', claims.add);
  const again = setInterval(() => arp.probe('eth1', '192.0.2.3'), 50);
  try {
    await claims.wait('the neighbour', (claim) => claim.address === '192.0.2.3', 10_000);
  } finally {
    clearInterval(again);
    close();
  }
}

/** This router's eth1 on one cable with a neighbour in a namespace of its own. */
before(async () => {
  enterNamespace();
  sh(`
    ip netns add ${PEER}
    ip link add eth1 address ${MAC} type veth peer name eth0 netns ${PEER} address ${PEER_MAC}
    ip addr add 192.0.2.2/24 dev eth1
    ip -n ${PEER} addr add 192.0.2.3/24 dev eth0
    ip link set eth1 up; ip -n ${PEER} link set eth0 up
  `);
  arp = openArp();
  await cableWorks();
});

after(() => {
  arp.close();
  sh(`ip netns del ${PEER}`);
});

beforeEach(() => {
  sh(`ip -n ${PEER} neigh flush all`);
});

const neighbours = () => json<{ dst: string; lladdr?: string }[]>(`ip -n ${PEER} -4 -j neigh`);

test('a probe for an address in use is answered, and claims nothing itself', async (t) => {
  const claims = new Happenings<ArpClaim>();
  const close = arp.watch('eth1', '192.0.2.3', claims.add);
  t.after(close);
  arp.probe('eth1', '192.0.2.3');
  const claim = await claims.wait('the answer', () => true);
  assert.deepEqual(claim, { device: 'eth1', address: '192.0.2.3', mac: PEER_MAC });
  assert.deepEqual(neighbours(), [], 'a probe must not enter the neighbour’s cache');
  close();
});

test('a probe for a free address is met with silence', async (t) => {
  const claims = new Happenings<ArpClaim>();
  const close = arp.watch('eth1', '192.0.2.3', claims.add);
  t.after(close);
  arp.probe('eth1', '192.0.2.77');
  arp.probe('eth1', '192.0.2.3');
  await claims.wait('the answer to the second', () => true);
  assert.ok(claims.seen().every((claim) => claim.address === '192.0.2.3'));
  close();
});

test('an announcement moves an address in the neighbour’s cache to our MAC', async () => {
  sh(`ip -n ${PEER} neigh replace 192.0.2.1 lladdr 02:00:00:00:00:ff dev eth0 nud stale`);
  arp.announce('eth1', '192.0.2.1');
  assert.deepEqual(
    neighbours()
      .filter((entry) => entry.dst === '192.0.2.1')
      .map((entry) => entry.lladdr),
    [MAC],
  );
});

test('another machine’s announcement is a claim; our own is not', async (t) => {
  const claims = new Happenings<ArpClaim>();
  const close = arp.watch('eth1', '192.0.2.1', claims.add);
  t.after(close);
  arp.announce('eth1', '192.0.2.1');
  sh(`ip -n ${PEER} addr add 192.0.2.1/24 dev eth0`);
  t.after(() => sh(`ip -n ${PEER} addr del 192.0.2.1/24 dev eth0`));
  sh(`ip netns exec ${PEER} arping -q -U -c 1 -I eth0 192.0.2.1 || true`);
  await claims.wait('the neighbour’s announcement', (claim) => claim.address === '192.0.2.1' && claim.mac === PEER_MAC);
  assert.ok(claims.seen().every((claim) => claim.mac === PEER_MAC));
});

test('a device that is down refuses the probe by name; the watch outlives it', async (t) => {
  const claims = new Happenings<ArpClaim>();
  const close = arp.watch('eth1', '192.0.2.3', claims.add);
  t.after(close);
  sh('ip link set eth1 down');
  for (const send of [arp.probe, arp.announce]) {
    assert.throws(() => send('eth1', '192.0.2.3'), {
      code: 'unreachable',
      message: /on eth1: the device is down \(ENETDOWN\)/,
      remedy: 'ip link set eth1 up',
    });
  }
  sh('ip link set eth1 up');
  const again = setInterval(() => arp.probe('eth1', '192.0.2.3'), 50);
  t.after(() => clearInterval(again));
  await claims.wait('the answer after the device came up', (claim) => claim.address === '192.0.2.3');
  close();
});

test('wrong input is refused by name', () => {
  assert.throws(() => arp.probe('nowhere', '192.0.2.3'), { code: 'kernel-refused', message: /nowhere: ENODEV/ });
  assert.throws(() => arp.watch('nowhere', '192.0.2.3', () => {}), { code: 'kernel-refused', message: /nowhere/ });
  assert.throws(() => arp.probe('eth1', 'eth0'), { code: 'bad-request', message: /address is "eth0"/ });
  assert.throws(() => arp.ask('eth1', '192.0.2.2', ['2001:db8::1']), {
    code: 'bad-request',
    message: /address is "2001:db8::1"/,
  });
});

test('nothing arrives after close', async (t) => {
  const claims = new Happenings<ArpClaim>();
  const other = new Happenings<ArpClaim>();
  const close = arp.watch('eth1', '192.0.2.3', claims.add);
  t.after(close);
  const closeOther = arp.watch('eth1', '192.0.2.3', other.add);
  close();
  close();
  arp.probe('eth1', '192.0.2.3');
  await other.wait('the answer at the other watch', () => true);
  assert.deepEqual(claims.seen(), []);
  closeOther();
});

test('a question from the float puts a wrong entry right, and the answer comes back to us', async (t) => {
  const answers = new Happenings<string>();
  t.after(arp.watchAnswers('eth1', '192.0.2.1', answers.add));
  sh(`ip -n ${PEER} neigh replace 192.0.2.1 lladdr 02:00:00:00:00:ff dev eth0 nud reachable`);
  arp.ask('eth1', '192.0.2.1', ['192.0.2.3', '192.0.2.77']);
  await answers.wait('the neighbour’s answer', (address) => address === '192.0.2.3');
  assert.deepEqual(
    neighbours()
      .filter((entry) => entry.dst === '192.0.2.1')
      .map((entry) => entry.lladdr),
    [MAC],
  );
  assert.deepEqual(answers.seen(), ['192.0.2.3']);
});
