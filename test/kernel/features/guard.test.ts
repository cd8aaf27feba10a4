import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { after, beforeEach, test } from 'node:test';
import { openGuard } from '../../../firmware/netlink/guard.ts';
import { compileLane } from '../../../src/core/document/compileLane.ts';
import { desiredState } from '../../../src/core/reconcile/index.ts';
import { rackDocument, rackNode } from '../../fakes/rackDocument.ts';
import { sh } from '../netns.ts';
import { within } from '../segments.ts';
import { featureBench } from './bench.ts';

/** The firewall and outbound masquerading by packets: a client behind a gateway, router a, three real servers. */

const CLIENT = 'f-client';
const bench = featureBench([8080]);
const web = { name: 'web', protocol: 'tcp', port: 80, servers: [{ name: 's1', address: '192.0.2.11', port: 8080 }] };

let guard: ReturnType<typeof openGuard> | undefined;
/** On the router itself, on every address. */
let ssh: Server;
/** At the client, which is somebody on the internet to a server. */
let outside: Server;
/** Whom the last connection to it came from. */
let seen = '';

/** Not in a hook of its own: the namespace that the bench makes must stand. */
async function setUp(): Promise<void> {
  guard = openGuard();
  ssh = createServer((socket) => socket.end('router\n')).listen(22, '0.0.0.0');
  await once(ssh, 'listening');
  outside = createServer((socket) => {
    seen = (socket.remoteAddress ?? '').replace('::ffff:', '');
    socket.on('error', () => {}).end('outside\n');
  });
  await within(CLIENT, () => outside.listen(443, '::'));
  if (!outside.listening) await once(outside, 'listening');
}

beforeEach(async () => {
  if (guard === undefined) await setUp();
  guard?.apply(undefined);
});

after(() => {
  ssh.close();
  outside.close();
  guard?.apply(undefined);
  guard?.close();
});

/** As the controller brings it, and read back. */
function put(lines: string, change: (text: string) => string = (text) => text): void {
  const document = rackDocument((text) => `${change(text)}\n${lines}\n`);
  const { guard: table } = desiredState(document, compileLane(document, rackNode('a'), 'digest'), () => true);
  guard!.apply(table);
  assert.equal(guard!.read(), table?.normal, 'what nft lists is what was written');
}

/** What the other end says at once; `timeout` when nothing comes within a second, `refused` on a reset. */
async function call(space: string | undefined, host: string, port: number, localAddress?: string): Promise<string> {
  const open = () => connect({ host, port, ...(localAddress === undefined ? {} : { localAddress }) });
  const socket = space === undefined ? open() : await within(space, open);
  try {
    const [data] = await once(socket, 'data', { signal: AbortSignal.timeout(1000) });
    return String(data).trim();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED' ? 'refused' : 'timeout';
  } finally {
    socket.destroy();
  }
}

const pings = (space: string, to: string, from: string): boolean => {
  try {
    sh(`ip netns exec ${space} ping -c 1 -W 1 -I ${from} ${to}`);
    return true;
  } catch {
    return false;
  }
};

test('Firewall: every kind of table is listed as it was written', () => {
  for (const lines of [
    'firewall: {}',
    'outbound: { from: [192.0.2.0/24] }',
    'outbound: { from: [192.0.2.16/28, 192.0.2.64/32], ports: "50000-50999" }\nfirewall: {}',
    `firewall:
  allow:
    - { protocol: tcp, ports: [22, "8000-8100"], from: [203.0.113.0/24, 10.0.0.1/32] }
    - { protocol: udp, ports: [161], from: ["2001:db8::/32", "2001:db9::1/128"] }`,
  ]) {
    put(lines);
  }
});

test('Firewall: the box itself cannot be reached from the public side, its services can, and it answers pings, by packets', async () => {
  bench.serve(web);
  assert.equal(await call(CLIENT, '198.51.100.2', 22, '203.0.113.10'), 'router');
  put('firewall: {}');
  assert.equal(await call(CLIENT, '198.51.100.2', 22, '203.0.113.10'), 'timeout');
  assert.equal(await bench.ask(80), 's1');
  assert.equal(pings(CLIENT, '198.51.100.10', '203.0.113.10'), true);
});

test('Firewall: what is allowed comes in from where it may, and from nowhere else, by packets', async () => {
  put('firewall: { allow: [{ protocol: tcp, ports: [22], from: [203.0.113.11/32] }] }');
  assert.equal(await call(CLIENT, '198.51.100.2', 22, '203.0.113.11'), 'router');
  assert.equal(await call(CLIENT, '198.51.100.2', 22, '203.0.113.10'), 'timeout');
});

test('Firewall: the private side stays open, and the box’s own questions are answered, by packets', async () => {
  put('firewall: {}');
  assert.equal(await call('f-s1', '192.0.2.2', 22), 'router');
  assert.equal(await call(undefined, '203.0.113.10', 443), 'outside');
});

test('Firewall: nobody is routed past the services to a real server, by packets', async () => {
  sh(`ip -n ${CLIENT} route replace 192.0.2.0/24 via 198.51.100.2`);
  try {
    assert.match(await call(CLIENT, '192.0.2.11', 8080, '203.0.113.10'), /^timeout$/);
    const talks = async (): Promise<string> => {
      const socket = await within(CLIENT, () =>
        connect({ host: '192.0.2.11', port: 8080, localAddress: '203.0.113.10' }),
      );
      try {
        await once(socket, 'connect', { signal: AbortSignal.timeout(1000) });
        return 'connected';
      } catch {
        return 'timeout';
      } finally {
        socket.destroy();
      }
    };
    assert.equal(await talks(), 'connected', 'without a firewall this router routes');
    put('firewall: {}');
    assert.equal(await talks(), 'timeout');
  } finally {
    sh(`ip -n ${CLIENT} route del 192.0.2.0/24`);
  }
});

test('Outbound: a server reaches out with the public float as its address, and the answers come back, by packets', async () => {
  assert.equal(
    await call('f-s1', '203.0.113.10', 443),
    'timeout',
    'nobody outside has a way back to a private address',
  );
  put('firewall: {}\noutbound: { from: [192.0.2.0/24] }');
  assert.equal(await call('f-s2', '203.0.113.10', 443), 'outside');
  assert.equal(seen, '198.51.100.10');
  assert.equal(pings('f-s3', '203.0.113.10', '192.0.2.13'), true);
});

/** Behind conntrack's own hook: packets of the service in either direction, and those of them that it looked at. */
const PROBE = `table inet probe {
  chain watch {
    type filter hook prerouting priority -100;
    tcp dport 80 counter
    tcp dport 80 ct state != untracked counter
    tcp sport 8080 counter
    tcp sport 8080 ct state != untracked counter
  }
}`;

test('Outbound: connection tracking looks at no packet of a balanced connection, and at those of outbound ones, by packets', async () => {
  put('firewall: {}\noutbound: { from: [192.0.2.0/24] }');
  bench.serve(web);
  sh(`echo '${PROBE}' | nft -f -`);
  try {
    assert.equal(await bench.ask(80), 's1');
    const [asked, askedTracked, answered, answeredTracked] = [
      ...sh('nft list table inet probe').matchAll(/counter packets (\d+)/g),
    ].map((found) => Number(found[1]));
    assert.ok(asked! > 2 && answered! > 1, `${asked} and ${answered} packets were seen`);
    assert.deepEqual([askedTracked, answeredTracked], [0, 0]);
  } finally {
    sh('nft delete table inet probe');
  }
  const tracked = (): number => Number(sh('cat /proc/sys/net/netfilter/nf_conntrack_count'));
  const before = tracked();
  assert.equal(await call('f-s2', '203.0.113.10', 443), 'outside');
  assert.ok(tracked() > before, 'the outbound connection is tracked');
});

const six = (document: string): string =>
  document
    .replace('10/24 }', '10/24, address6: "2001:db8::10/64" }')
    .replace('192.0.2.1/24 }', '192.0.2.1/24, address6: "2001:db8:1::1/64" }')
    .replace('a: { ', 'a: { public6: "2001:db8::2/64", private6: "2001:db8:1::2/64", ')
    .replace('b: { ', 'b: { public6: "2001:db8::3/64", private6: "2001:db8:1::3/64", ');

test('Outbound: over IPv6 a server reaches out with the public float’s IPv6 address, and the answers come back, by packets', async () => {
  assert.equal(await call('f-s1', '2001:db8::4', 443), 'timeout', 'nobody outside has a way back to a private address');
  put('firewall: {}\noutbound: { from6: ["2001:db8:1::/64"] }', six);
  assert.equal(await call('f-s2', '2001:db8::4', 443), 'outside');
  assert.equal(seen, '2001:db8::10');
  assert.equal(pings('f-s1', '2001:db8::4', '2001:db8:1::11'), true);
  assert.equal(await call('f-s2', '203.0.113.10', 443), 'timeout', 'IPv4 is not asked for');
  put('outbound: { from: [192.0.2.0/24], from6: ["2001:db8:1::/64"], ports: "50000-50999" }', six);
  assert.equal(await call('f-s2', '2001:db8::4', 443), 'outside');
  assert.equal(await call('f-s2', '203.0.113.10', 443), 'outside');
});

test('Firewall: what is dropped is counted by chain, by packets', async () => {
  assert.deepEqual(guard!.dropped(), [], 'without a firewall nothing is');
  put('firewall: {}');
  const packets = (): number[] => guard!.dropped().map((each) => each.packets);
  assert.deepEqual(
    guard!.dropped().map(({ chain }) => chain),
    ['input', 'forward'],
  );
  assert.deepEqual(packets(), [0, 0]);
  assert.equal(await call(CLIENT, '198.51.100.2', 22, '203.0.113.10'), 'timeout');
  const [input = 0, forward] = packets();
  assert.ok(input >= 1 && forward === 0, `${input} and ${forward}`);
  const listed = /chain input \{[\s\S]*?counter packets (\d+) bytes (\d+) drop/.exec(
    sh('nft list table inet tandem-firewall'),
  );
  const { packets: counted, bytes } = guard!.dropped()[0]!;
  assert.deepEqual([counted, bytes], [Number(listed?.[1]), Number(listed?.[2])], 'as nft says');
});

test('Firewall: an ICMP error comes back to the box, by packets', async () => {
  put('firewall: {}');
  const socket = createSocket('udp4');
  socket.bind(0, '198.51.100.2');
  await once(socket, 'listening');
  socket.connect(9, '203.0.113.10');
  await once(socket, 'connect');
  // Nobody listens there: the client's port unreachable comes back through the input chain.
  const told = once(socket, 'error', { signal: AbortSignal.timeout(2000) });
  socket.send('x');
  const [error] = await told;
  socket.close();
  assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
});

test('Firewall: a table that another tool has changed reads as another one', () => {
  put('firewall: {}');
  const before = guard!.read();
  sh('nft insert rule inet tandem-firewall input tcp dport 22 accept');
  assert.notEqual(guard!.read(), before);
  sh('nft delete table inet tandem-firewall');
  assert.equal(guard!.read(), undefined);
});
