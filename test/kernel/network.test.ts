import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openNetwork } from '../../firmware/netlink/network.ts';
import { NetlinkSocket } from '../../firmware/netlink/socket.ts';
import { NETLINK_ROUTE } from '../../src/codec/netlink/constants.ts';
import { decodeAddress, writeAddressDump } from '../../src/codec/rtnetlink/address.ts';
import type { Address } from '../../src/model/network.ts';
import { enterNamespace, Happenings, json, sh } from './netns.ts';

type Change = 'link' | 'address' | 'resync';

interface IpAddress {
  readonly ifname: string;
  readonly addr_info: readonly {
    readonly local: string;
    readonly prefixlen: number;
    readonly label?: string;
    readonly valid_life_time: number;
    readonly nodad?: boolean;
  }[];
}

const FOREVER = 0xffff_ffff;

const address = (device: string, text: string, more: Partial<Address> = {}): Address => ({
  device,
  address: text,
  prefix: text.includes(':') ? 64 : 24,
  label: '',
  validSeconds: undefined,
  ...more,
});

/** Two routers' NICs with the other ends of their cables. */
before(() => {
  enterNamespace();
  sh('ip link add eth0 type veth peer name far0; ip link add eth1 type veth peer name far1');
  // No link-local addresses: those come when they like.
  sh('for device in eth0 far0 eth1 far1; do ip link set $device addrgenmode none; done');
  sh('ip link set far0 up; ip link set far1 up');
});

const network = (() => {
  let open: ReturnType<typeof openNetwork> | undefined;
  after(() => open?.close());
  return () => {
    open ??= openNetwork();
    return open;
  };
})();

/** The kernel's own tunnel devices, there as soon as a module is loaded: ip(8) writes their address as an IP address. */
const isTunnel = (device: string): boolean => /^(tunl|ip6tnl|gre|gretap|erspan|ip6gre|sit)0$/.test(device);

test('links are as `ip -j link` has them, before and after setUp', () => {
  type Link = { ifindex: number; ifname: string; address: string; flags: string[]; mtu: number };
  const expected = () =>
    json<Link[]>('ip -j link')
      .filter((link) => !isTunnel(link.ifname))
      .map((link) => ({
        index: link.ifindex,
        device: link.ifname,
        mac: link.address,
        admin: link.flags.includes('UP'),
        carrier: link.flags.includes('LOWER_UP'),
        mtu: link.mtu,
      }))
      .sort((left, right) => left.index - right.index);
  const shown = () =>
    network()
      .links()
      .filter((link) => !isTunnel(link.device))
      .sort((left, right) => left.index - right.index);
  assert.deepEqual(shown(), expected());
  assert.equal(shown().find((link) => link.device === 'eth0')?.admin, false);
  network().setUp('eth0');
  network().setUp('eth1');
  sh('ip link set eth1 mtu 1400');
  assert.deepEqual(shown(), expected());
  assert.equal(shown().find((link) => link.device === 'eth0')?.carrier, true);
});

test('addresses, labels and lifetimes are as `ip -j addr` has them', () => {
  network().changeAddresses([
    { op: 'set', address: address('eth0', '198.51.100.2') },
    { op: 'set', address: address('eth1', '192.0.2.2') },
    { op: 'set', address: address('eth0', '198.51.100.10', { label: 'eth0:1', validSeconds: 60 }) },
    { op: 'set', address: address('eth1', '192.0.2.1', { label: 'eth1:1', validSeconds: 60 }) },
    { op: 'set', address: address('eth0', '2001:db8::10', { validSeconds: 600 }) },
  ]);
  const told = json<IpAddress[]>('ip -j addr').flatMap((link) =>
    link.addr_info.map(
      (info): Address => ({
        device: link.ifname,
        address: info.local,
        prefix: info.prefixlen,
        label: info.label ?? '',
        validSeconds: info.valid_life_time === FOREVER ? undefined : info.valid_life_time,
      }),
    ),
  );
  const sorted = (all: readonly Address[]) =>
    all.toSorted((left, right) => `${left.device} ${left.address}`.localeCompare(`${right.device} ${right.address}`));
  const shown = network().addresses();
  const whole = (all: readonly Address[]) =>
    all.map(({ validSeconds, ...rest }) => ({ ...rest, mortal: validSeconds !== undefined }));
  assert.deepEqual(whole(sorted(shown)), whole(sorted(told)));
  for (const [index, one] of sorted(shown).entries()) {
    const other = sorted(told)[index]?.validSeconds;
    assert.ok(
      Math.abs((one.validSeconds ?? 0) - (other ?? 0)) <= 1,
      `${one.address}: ${one.validSeconds} and ${other}`,
    );
  }
  assert.deepEqual(
    shown.find((one) => one.address === '198.51.100.10'),
    address('eth0', '198.51.100.10', {
      label: 'eth0:1',
      validSeconds: shown.find((one) => one.label === 'eth0:1')!.validSeconds,
    }),
  );
  const ip6 = json<IpAddress[]>('ip -j -6 addr show dev eth0')[0]!.addr_info.find(
    (info) => info.local === '2001:db8::10',
  );
  assert.equal(ip6?.nodad, true, 'a float must not wait for duplicate address detection');
});

test('both floats go in one batch; deleting what is absent is no error', () => {
  const floats = [address('eth0', '198.51.100.10'), address('eth1', '192.0.2.1')];
  const drop = floats.map((one) => ({ op: 'delete', address: one }) as const);
  network().changeAddresses(drop);
  const left = network()
    .addresses()
    .map((one) => one.address);
  assert.ok(!left.includes('198.51.100.10') && !left.includes('192.0.2.1'), left.join(' '));
  assert.ok(left.includes('198.51.100.2') && left.includes('192.0.2.2'), left.join(' '));
  network().changeAddresses(drop);
  network().changeAddresses([{ op: 'delete', address: address('eth7', '192.0.2.1') }]);
});

test('set refreshes a lifetime and can end it', () => {
  const set = (validSeconds: number | undefined) =>
    network().changeAddresses([{ op: 'set', address: address('eth1', '192.0.2.9', { validSeconds }) }]);
  const left = () =>
    network()
      .addresses()
      .find((one) => one.address === '192.0.2.9')?.validSeconds;
  set(100);
  assert.ok(left()! <= 100 && left()! >= 98, `${left()}`);
  set(1000);
  assert.ok(left()! > 900, `${left()}`);
  set(undefined);
  assert.equal(left(), undefined);
  network().changeAddresses([{ op: 'delete', address: address('eth1', '192.0.2.9') }]);
});

test('an address whose lifetime is not renewed goes by itself, and the kernel says so', async (t) => {
  const float = address('eth0', '198.51.100.99', { label: 'eth0:9', validSeconds: 1 });
  const present = () =>
    network()
      .addresses()
      .some((one) => one.address === float.address);
  network().changeAddresses([{ op: 'set', address: float }]);
  assert.equal(present(), true);
  const begin = performance.now();
  const gone = new Happenings<number>();
  // The first notification may only say that the address is deprecated.
  const close = network().watch(() => {
    if (!present()) gone.add(performance.now() - begin);
  });
  t.after(close);
  const took = await gone.wait('the end of the lifetime', () => true, 5000);
  assert.ok(took > 900 && took < 3000, `gone after ${took} ms`);
});

test('a refused step is named with the kernel’s own text, and the rest of its batch is done', () => {
  const steps = [
    { op: 'set', address: address('eth0', '198.51.100.11') },
    { op: 'set', address: address('lo', '2001:db8::99', { prefix: 64, validSeconds: 60, device: 'nowhere' }) },
  ] as const;
  assert.throws(() => network().changeAddresses(steps), {
    code: 'kernel-refused',
    message: /setting the address 2001:db8::99\/64 dev nowhere: ENODEV/,
    remedy: /ip link/,
  });
  assert.ok(
    !network()
      .addresses()
      .some((one) => one.address === '198.51.100.11'),
    'nothing is sent when a device is missing',
  );
  const multicast = [
    { op: 'set', address: address('eth0', 'ff02::1') },
    { op: 'set', address: address('eth0', '198.51.100.11') },
  ] as const;
  assert.throws(() => network().changeAddresses(multicast), {
    code: 'kernel-refused',
    message: /setting the address ff02::1\/64 dev eth0: [A-Z]+: ./,
  });
  assert.ok(
    network()
      .addresses()
      .some((one) => one.address === '198.51.100.11'),
    'the kernel goes on after a refusal',
  );
});

test('bad input names the field and changes nothing', () => {
  const before = network().addresses().length;
  const set = (one: Address) => () =>
    network().changeAddresses([
      { op: 'set', address: address('eth0', '198.51.100.77') },
      { op: 'set', address: one },
    ]);
  assert.throws(set(address('eth0', 'not-an-address')), {
    code: 'bad-request',
    message: /address is "not-an-address"/,
  });
  assert.throws(set(address('eth0', '198.51.100.78', { prefix: 33 })), {
    code: 'bad-request',
    message: /prefix is 33/,
  });
  assert.throws(set(address('eth0', '198.51.100.78', { label: 'eth0:a-label-too-long' })), {
    code: 'bad-request',
    message: /label is/,
  });
  assert.throws(set(address('eth0', '198.51.100.78', { validSeconds: 0 })), {
    code: 'bad-request',
    message: /validSeconds is 0/,
  });
  assert.equal(network().addresses().length, before);
});

test('routes are as `ip -j route` has them; setRoute adds and replaces', () => {
  network().setRoute({ destination: '0.0.0.0/0', gateway: '198.51.100.1', device: 'eth0' });
  network().setRoute({ destination: '203.0.113.0/24', gateway: undefined, device: 'eth1' });
  network().setRoute({ destination: '2001:db8:1::/48', gateway: '2001:db8::1', device: 'eth0' });
  network().setRoute({ destination: '0.0.0.0/0', gateway: '198.51.100.254', device: 'eth0' });
  const told = (family: string, all: string) =>
    json<{ dst: string; gateway?: string; dev: string; type?: string }[]>(`ip -j ${family} route show table main`)
      .filter((route) => route.type === undefined || route.type === 'unicast')
      .map((route) => ({
        destination: route.dst === 'default' ? all : route.dst,
        gateway: route.gateway,
        device: route.dev,
      }));
  const text = (routes: readonly unknown[]) => routes.map((route) => JSON.stringify(route)).sort();
  assert.deepEqual(text(network().routes()), text([...told('-4', '0.0.0.0/0'), ...told('-6', '::/0')]));
  const defaults = network()
    .routes()
    .filter((route) => route.destination === '0.0.0.0/0');
  assert.deepEqual(defaults, [{ destination: '0.0.0.0/0', gateway: '198.51.100.254', device: 'eth0' }]);
});

test('the extended acknowledgement reaches the error', () => {
  assert.throws(() => network().setRoute({ destination: '203.0.113.0/25', gateway: '203.0.114.1', device: 'eth0' }), {
    code: 'kernel-refused',
    message: 'setting the route 203.0.113.0/25 via 203.0.114.1 dev eth0: ENETUNREACH: Nexthop has invalid gateway',
  });
  assert.throws(() => network().setUp('nowhere'), { code: 'kernel-refused', message: /switching on nowhere: ENODEV/ });
});

test('link and address notifications arrive, and none after close', async (t) => {
  const changes = new Happenings<Change>();
  const close = network().watch(changes.add);
  t.after(close);
  sh('ip link set far0 down');
  await changes.wait('loss of the carrier', (change) => change === 'link');
  assert.equal(
    network()
      .links()
      .find((link) => link.device === 'eth0')?.carrier,
    false,
  );
  sh('ip link set far0 up');
  changes.clear();
  sh('ip addr add 198.51.100.55/24 dev eth0');
  await changes.wait('the new address', (change) => change === 'address');
  close();
  close();
  changes.clear();
  sh('ip addr del 198.51.100.55/24 dev eth0');
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(changes.seen(), []);
});

test('notifications that overran the queue are told as resync, and the watch goes on', async (t) => {
  const small = openNetwork({ notificationQueue: 4096 });
  const changes = new Happenings<Change>();
  t.after(() => small.close());
  t.after(small.watch(changes.add));
  const mtus = Array.from({ length: 60 }, (_, index) => `link set far1 mtu ${1300 + index}`).join('\n');
  sh(`ip -batch - <<'END'\n${mtus}\nEND`);
  await changes.wait('the resync', (change) => change === 'resync');
  changes.clear();
  sh('ip link set far1 mtu 1500');
  await changes.wait('a notification after the resync', (change) => change === 'link');
});

/** Reads all addresses while `disturb` is called once in each pass, between the first and the second datagram. */
function disturbedDump(disturb: (pass: number) => void) {
  const socket = new NetlinkSocket(NETLINK_ROUTE);
  const passes = new Set<number>();
  try {
    return socket.dump('reading the addresses', writeAddressDump, (message) => {
      if (!passes.has(message.sequence)) {
        passes.add(message.sequence);
        disturb(passes.size);
      }
      return decodeAddress(message);
    });
  } finally {
    socket.close();
  }
}

test('a dump of many parts that changes under the reader is begun anew, and given up in the end', (t) => {
  const nets = ['192.0.2', '198.51.100', '203.0.113'];
  // Four datagrams of 32 KiB: the kernel fills the second while the first is fetched, so a change shows in the third.
  const stable = [24, 25].flatMap((prefix) =>
    nets.flatMap((net) => Array.from({ length: 250 }, (_, host) => `${net}.${host}/${prefix}`)),
  );
  const adds = stable.map((one) => `addr add ${one} dev many`).join('\n');
  sh(`ip link add many type veth peer name many1; ip -batch - <<'END'\n${adds}\nEND`);
  t.after(() => sh('ip link del many'));
  // A host address stands before the secondary ones, so its coming and going shifts all that a dump has still to list.
  const change = (pass: number): void => {
    sh(`ip addr ${pass % 2 === 1 ? 'add' : 'del'} 203.0.113.255/32 dev many`);
  };
  const { index } = network()
    .links()
    .find((link) => link.device === 'many')!;
  let passes = 0;
  const found = disturbedDump((pass) => {
    passes = pass;
    if (pass <= 3) change(pass);
  });
  assert.equal(passes, 4, 'three disturbed passes and a quiet one');
  assert.deepEqual(
    found
      .filter((one) => one.index === index && one.prefix !== 32)
      .map((one) => `${one.address}/${one.prefix}`)
      .sort(),
    stable.toSorted(),
  );
  assert.throws(() => disturbedDump((pass) => change(pass + 1)), {
    code: 'kernel-resync',
    message: /changed during 16 reads in a row/,
  });
});
