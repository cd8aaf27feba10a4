import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openNetwork } from '../../firmware/netlink/network.ts';
import { openArp } from '../../firmware/packet/arp.ts';
import type { ArpClaim } from '../../src/model/network.ts';
import { dropFloats, type Floats, heldFloats, setFloats } from '../../src/shell/lane/floats.ts';
import { enterNamespace, Happenings, json, sh } from './netns.ts';
import { within } from './segments.ts';

const MAC = '02:00:00:00:00:0a';
const PEER_MAC = '02:00:00:00:00:0b';
const PEER = `tandem-ndp-${process.pid}`;
const FLOAT = '2001:db8:1::1';
const PEER_OWN = '2001:db8:1::3';

const floats: Floats = {
  public: {
    address: '198.51.100.10',
    prefix: 24,
    device: 'eth0',
    label: 'eth0:1',
    address6: { address: '2001:db8::10', prefix: 128 },
  },
  private: {
    address: '192.0.2.1',
    prefix: 24,
    device: 'eth1',
    label: 'eth1:1',
    address6: { address: FLOAT, prefix: 128 },
  },
};

let arp: ReturnType<typeof openArp>;
let peer: ReturnType<typeof openArp>;
let network: ReturnType<typeof openNetwork>;

/** Both NICs on cables to one neighbour, which listens as the pair's other box would. */
before(async () => {
  enterNamespace();
  sh(`
    ip netns add ${PEER}
    ip link add eth0 type veth peer name eth0 netns ${PEER}
    ip link add eth1 address ${MAC} type veth peer name eth1 netns ${PEER} address ${PEER_MAC}
    ip addr add 2001:db8:1::2/64 dev eth1 nodad
    ip -n ${PEER} addr add ${PEER_OWN}/64 dev eth1 nodad
    ip link set eth0 up; ip link set eth1 up
    ip -n ${PEER} link set eth0 up; ip -n ${PEER} link set eth1 up
  `);
  arp = openArp();
  network = openNetwork();
  peer = await within(PEER, openArp);
  await answerOf(arp, PEER_OWN);
});

after(() => {
  peer.close();
  arp.close();
  network.close();
  sh(`ip netns del ${PEER}`);
});

/** Probes until somebody answers: a link that has just come up drops what is sent, and says nothing of it. */
async function answerOf(who: ReturnType<typeof openArp>, address: string): Promise<ArpClaim> {
  const claims = new Happenings<ArpClaim>();
  const close =
    who === peer
      ? await within(PEER, () => peer.watch('eth1', address, claims.add))
      : who.watch('eth1', address, claims.add);
  const again = setInterval(
    () => void (who === peer ? within(PEER, () => peer.probe('eth1', address)) : who.probe('eth1', address)),
    50,
  );
  try {
    return await claims.wait(`an answer for ${address}`, () => true, 10_000);
  } finally {
    clearInterval(again);
    close();
  }
}

const addresses6 = () =>
  json<{ ifname: string; addr_info: { local: string; tentative?: boolean; valid_life_time: number }[] }[]>(
    'ip -6 -j addr show scope global',
  ).flatMap(({ addr_info }) => addr_info);

test('the IPv6 floats go up with the others in one batch, at once, and answer', async () => {
  setFloats(network, floats);
  const up = addresses6().filter(({ local }) => local === FLOAT || local === '2001:db8::10');
  assert.equal(up.length, 2);
  for (const { tentative, valid_life_time } of up) {
    assert.equal(tentative, undefined);
    assert.ok(valid_life_time <= 2);
  }
  assert.deepEqual(heldFloats(network, floats), { public: true, private: true });
  const again = setInterval(() => setFloats(network, floats), 500);
  try {
    assert.deepEqual(await answerOf(peer, FLOAT), { device: 'eth1', address: FLOAT, mac: MAC });
  } finally {
    clearInterval(again);
  }
});

test('the router’s own network stays when the lifetime of a renewed float ends', async () => {
  setFloats(network, floats);
  setFloats(network, floats);
  const gone = new Happenings<string>();
  const close = network.watch(gone.add);
  const past = performance.now() + 10_000;
  while (heldFloats(network, floats, 'any').private && performance.now() < past) {
    gone.clear();
    await gone.wait('an address notification', (what) => what === 'address', 10_000);
  }
  close();
  assert.deepEqual(heldFloats(network, floats, 'any').private, false);
  const routes = json<{ dst: string; expires?: number }[]>('ip -6 -j route show dev eth1');
  const own = routes.find(({ dst }) => dst === '2001:db8:1::/64');
  assert.ok(own !== undefined && own.expires === undefined, JSON.stringify(routes));
});

test('one family missing is a float that is not whole; both go together', () => {
  setFloats(network, floats);
  sh('ip addr del 2001:db8::10/128 dev eth0');
  assert.deepEqual(heldFloats(network, floats), { public: false, private: true });
  assert.deepEqual(heldFloats(network, floats, 'any'), { public: true, private: true });
  setFloats(network, floats);
  dropFloats(network, floats);
  assert.deepEqual(heldFloats(network, floats, 'any'), { public: false, private: false });
});

test('an announcement moves the float in the neighbour’s cache, which takes us for a router', () => {
  sh(`ip -n ${PEER} neigh replace ${FLOAT} lladdr 02:00:00:00:00:ff dev eth1 nud stale router`);
  arp.announce('eth1', FLOAT);
  const [entry] = json<{ dst: string; lladdr: string; router?: null }[]>(`ip -n ${PEER} -6 -j neigh`).filter(
    ({ dst }) => dst === FLOAT,
  );
  assert.equal(entry?.lladdr, MAC);
  assert.ok(entry !== undefined && 'router' in entry);
});

test('another machine’s announcement is a claim, its probe a rival, and data wakes nobody', async (t) => {
  const claims = new Happenings<ArpClaim>();
  const rivals = new Happenings<ArpClaim>();
  t.after(arp.watch('eth1', FLOAT, claims.add, rivals.add));
  sh(`ip netns exec ${PEER} ping -q -c 3 -i 0.05 2001:db8:1::2`);
  arp.announce('eth1', FLOAT);
  arp.probe('eth1', FLOAT);
  await within(PEER, () => peer.probe('eth1', FLOAT));
  await rivals.wait('the neighbour’s probe', ({ mac }) => mac === PEER_MAC);
  assert.deepEqual(claims.seen(), []);
  await within(PEER, () => peer.announce('eth1', FLOAT));
  const claim = await claims.wait('the neighbour’s announcement', () => true);
  assert.deepEqual(claim, { device: 'eth1', address: FLOAT, mac: PEER_MAC });
  assert.ok(rivals.seen().every(({ mac }) => mac === PEER_MAC));
});
