import assert from 'node:assert/strict';
import { createSocket, type Socket as Dgram } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { stringify } from 'yaml';
import { openIpvs } from '../../firmware/netlink/ipvs.ts';
import { openMarks } from '../../firmware/netlink/marks.ts';
import { compileLane } from '../../src/core/document/compileLane.ts';
import { describeStep, desiredState, planIpvs } from '../../src/core/reconcile/index.ts';
import { planMarks } from '../../src/core/reconcile/planMarks.ts';
import { SCHEDULERS } from '../../src/model/document.ts';
import type { IpvsStep } from '../../src/model/ipvs.ts';
import { parseDocument } from '../../src/model/parseDocument.ts';
import { markOf } from '../../src/model/service.ts';
import { rackNode } from '../fakes/rackDocument.ts';
import { draft, faultsOf } from '../unit/model/example.ts';
import { enterNamespace, sh } from './netns.ts';
import { buildSegments, holdFloats, within } from './segments.ts';

/** Each test is a line of docs/features.md: what it is called before the colon, and what is true of it. */

const SPACES = ['f-s1', 'f-s2'] as const;
const PORTS = [80, 443, 8050, 8080] as const;
const CLIENT = 'f-client';
const VIP = '198.51.100.10';
const VIP6 = '2001:db8::10';

let table: ReturnType<typeof openIpvs>;
let marks: ReturnType<typeof openMarks>;
let remove = (): void => {};
const servers: Server[] = [];
const sockets: Socket[] = [];
/** The servers' ends: what a namespace's removal cuts off would keep this process alive. */
const accepted = new Set<Socket>();

before(async () => {
  enterNamespace();
  ({ remove } = buildSegments('f'));
  sh(`
    ip addr add 198.51.100.2/24 dev eth0; ip addr add 192.0.2.2/24 dev eth1
    ip link set eth0 up; ip link set eth1 up multicast on
    ip route add default via 198.51.100.1
    ip -6 addr add ${VIP6}/64 dev eth0 nodad; ip -6 addr add 2001:db8:1::1/64 dev eth1 nodad
    sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.vs.conntrack=0
    sysctl -qw net.ipv4.vs.expire_nodest_conn=1 net.ipv4.vs.expire_quiescent_template=1
    ip -n ${CLIENT} addr add 203.0.113.11/32 dev lo
    ip -n ${CLIENT} -6 addr add 2001:db8::1/64 dev eth0 nodad
    ip -n f-s1 -6 addr add 2001:db8:1::11/64 dev eth0 nodad; ip -n f-s1 -6 route add default via 2001:db8:1::1
    ip -n f-s2 -6 addr add 2001:db8:1::12/64 dev eth0 nodad; ip -n f-s2 -6 route add default via 2001:db8:1::1
    ip route add 203.0.113.0/24 via 198.51.100.1
  `);
  holdFloats();
  table = openIpvs();
  marks = openMarks();
  for (const [index, space] of SPACES.entries()) {
    for (const port of PORTS) {
      const server = createServer((socket) => {
        accepted.add(socket);
        socket.on('error', () => {}).on('close', () => accepted.delete(socket));
        socket.on('data', () => socket.write(`s${index + 1} ${socket.remoteAddress?.replace('::ffff:', '')}\n`));
      });
      await within(space, () => server.listen(port, '::'));
      if (!server.listening) await once(server, 'listening');
      servers.push(server);
    }
  }
});

beforeEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  sh('ipvsadm -C; nft delete table inet tandem 2>/dev/null || true; ipvsadm --stop-daemon master 2>/dev/null || true');
});

after(() => {
  for (const socket of [...sockets, ...accepted]) socket.destroy();
  for (const server of servers) server.close();
  table.close();
  marks.close();
  remove();
});

type Raw = Record<string, unknown>;

const server = (last: number, more: Raw = {}): Raw => ({ name: `s${last}`, address: `192.0.2.${last}`, ...more });
const BOTH = [server(11, { port: 8080 }), server(12, { port: 8080 })];
const service = (more: Raw): Raw => ({ name: 'web', protocol: 'tcp', check: { type: 'none' }, servers: BOTH, ...more });

/** The kernel brought to what a document with these services says, as the controller brings it; answers the IPVS steps. */
function serve(...services: Raw[]): string[] {
  const parsed = parseDocument(stringify({ ...draft(), services }));
  assert.ok(parsed.ok, faultsOf(parsed).join('\n'));
  const desired = desiredState(parsed.document, compileLane(parsed.document, rackNode('a'), 'digest'), () => true);
  marks.apply(planMarks(desired.marks, marks.read()));
  const wanted = { ...desired, daemons: [], drainMs: 0 };
  const all: string[] = [];
  // What goes takes a second pass: first quiesced, then deleted.
  for (let pass = 0; pass < 3; pass += 1) {
    const { steps } = planIpvs(wanted, table.read(), {}, 0);
    assert.deepEqual(
      table.apply(steps).map(({ step, errno, text }) => `${describeStep(step)}: ${errno} ${text}`),
      [],
    );
    all.push(...steps.map(describeStep));
  }
  assert.deepEqual(planIpvs(wanted, table.read(), {}, 0).steps, [], 'the kernel holds what was asked for');
  assert.deepEqual(planMarks(desired.marks, marks.read()), [], 'the marks are what was asked for');
  return all;
}

/** One line to the VIP and back: which server answered. The connection stays open until the next test. */
async function ask(port: number, from = '203.0.113.10', to = VIP, localPort?: number): Promise<string> {
  const options = { host: to, port, localAddress: from, ...(localPort === undefined ? {} : { localPort }) };
  const socket = await within(CLIENT, () => connect(options));
  sockets.push(socket);
  await once(socket, 'connect', { signal: AbortSignal.timeout(5000) });
  const answer = once(socket, 'data', { signal: AbortSignal.timeout(5000) });
  socket.write('who?\n');
  const [name = '', seen] = String((await answer)[0])
    .trim()
    .split(' ');
  assert.equal(seen, from, 'the server sees the client’s own address');
  return name;
}

async function askMany(count: number, port: number, from?: string): Promise<string[]> {
  const names: string[] = [];
  for (let number = 0; number < count; number += 1) names.push(await ask(port, from));
  return names;
}

const kinds = (names: readonly string[]): string[] => [...new Set(names)].sort();

test('Schedulers: every one that a document may name is in the kernel', () => {
  serve(...SCHEDULERS.map((scheduler, index) => service({ name: scheduler, port: 100 + index, scheduler })));
  const told = sh('ipvsadm -Sn');
  for (const [index, scheduler] of SCHEDULERS.entries()) {
    assert.match(told, new RegExp(`^-A -t ${VIP}:${100 + index} -s ${scheduler}`, 'm'));
  }
});

test('SCTP: service and servers read back as ipvsadm shows them', () => {
  serve(service({ protocol: 'sctp', port: 2905, servers: [server(11), server(12, { weight: 3 })] }));
  const told = sh('ipvsadm -Ln');
  assert.match(told, /^SCTP 198\.51\.100\.10:2905 rr/m);
  assert.match(told, /192\.0\.2\.12:2905 +Masq +3/);
});

test('Several ports: HTTP, HTTPS and a range share one persistence, by packets', async () => {
  serve(service({ name: 'shop', ports: [80, 443, '8000-8100'], persistence_s: 60, servers: [server(11), server(12)] }));
  const first = [await ask(80), await ask(443), await ask(8050), await ask(80)];
  const second = [await ask(443, '203.0.113.11'), await ask(80, '203.0.113.11'), await ask(8050, '203.0.113.11')];
  assert.equal(kinds(first).length, 1, first.join());
  assert.equal(kinds(second).length, 1, second.join());
  assert.notEqual(first[0], second[0], 'round robin gives the next client the other server');
  assert.match(sh('ipvsadm -Ln'), new RegExp(`^FWM +${markOf('shop')} rr persistent 60`, 'm'));
});

test('Several ports: the marks read back, and a port more is one element more', () => {
  const shop = (ports: readonly unknown[]) => service({ name: 'shop', ports, servers: [server(11)] });
  serve(shop([80, '8000-8100']));
  const mark = markOf('shop');
  const entry = { protocol: 'tcp', address: VIP, mark } as const;
  const handle = sh('nft -a list table inet tandem').match(/map marks4 \{ # handle (\d+)/)?.[1];
  assert.deepEqual(marks.read().entries, [
    { ...entry, first: 80, last: 80 },
    { ...entry, first: 8000, last: 8100 },
  ]);
  assert.deepEqual(serve(shop([80, 443, '8000-8100'])), [], 'the table of services is not touched');
  assert.equal(sh('nft -a list table inet tandem').match(/map marks4 \{ # handle (\d+)/)?.[1], handle);
  assert.equal(marks.read().entries.length, 3);
});

test('Several ports: a table that somebody changed or removed is seen and made right', () => {
  const shop = service({ name: 'shop', ports: [80, 443], servers: [server(11)] });
  serve(shop);
  sh(`nft delete element inet tandem marks4 '{ ${VIP} . tcp . 443 }'`);
  assert.equal(marks.read().entries.length, 1);
  serve(shop);
  sh('nft flush chain inet tandem prerouting');
  assert.equal(marks.read().intact, false);
  serve(shop);
  sh('nft delete table inet tandem');
  assert.equal(marks.read().present, false);
  serve(shop);
  assert.equal(marks.read().entries.length, 2);
  serve();
  assert.equal(marks.read().present, false, 'a box without marks has no table');
});

test('Firewall mark: packets that rules of a person’s own have marked are served, by packets', async () => {
  sh(`nft -f - <<'END'
table inet own {
  chain prerouting { type filter hook prerouting priority mangle; tcp dport 8050 meta mark set 7; }
}
END`);
  try {
    const own = { name: 'own', protocol: 'tcp', check: { type: 'none' }, fwmark: 7, servers: BOTH };
    serve(own);
    assert.deepEqual(kinds(await askMany(4, 8050)), ['s1', 's2']);
    assert.match(sh('ipvsadm -Ln'), /^FWM +7 rr/m);
  } finally {
    sh('nft delete table inet own');
  }
});

test('Firewall mark: one of IPv6 stands beside one of IPv4', () => {
  const own = (name: string, family: string, address: string) =>
    service({ name, fwmark: 9, family, servers: [{ name: 'one', address }] });
  serve(own('four', 'ipv4', '192.0.2.11'), own('six', 'ipv6', '2001:db8:1::11'));
  const saved = sh('ipvsadm -Sn');
  assert.match(saved, /^-A -f 9 -s rr/m);
  assert.match(saved, /^-A -f 9 -6 -s rr/m);
});

test('IPv6: a VIP is masqueraded to IPv6 servers, by packets', async () => {
  const six = (last: number) => ({ name: `s${last}`, address: `2001:db8:1::${last}`, port: 8080 });
  serve(service({ address: VIP6, port: 80, servers: [six(11), six(12)] }));
  const names = [await ask(80, '2001:db8::1', VIP6), await ask(80, '2001:db8::1', VIP6)];
  assert.deepEqual(kinds(names), ['s1', 's2']);
});

test('IPv6: several ports of a VIP go by a mark, by packets', async () => {
  const six = (last: number) => ({ name: `s${last}`, address: `2001:db8:1::${last}` });
  serve(service({ name: 'six', addresses: [VIP6], ports: [80, 443], persistence_s: 60, servers: [six(11), six(12)] }));
  const names = [await ask(80, '2001:db8::1', VIP6), await ask(443, '2001:db8::1', VIP6)];
  assert.equal(kinds(names).length, 1);
});

test('One packet: each datagram of one flow is scheduled by itself, by packets', async (t) => {
  serve(service({ protocol: 'udp', port: 7777, one_packet: true, servers: [server(11), server(12)] }));
  const echoes: Dgram[] = [];
  for (const [index, space] of SPACES.entries()) {
    const echo = createSocket('udp4');
    echo.on('message', (_data, from) => echo.send(`s${index + 1}`, from.port, from.address));
    await within(space, () => echo.bind(7777));
    echoes.push(echo);
  }
  const client = createSocket('udp4');
  await within(CLIENT, () => client.bind(0, '203.0.113.10'));
  t.after(() => {
    for (const socket of [client, ...echoes]) socket.close();
  });
  const names: string[] = [];
  for (let number = 0; number < 4; number += 1) {
    const answer = once(client, 'message', { signal: AbortSignal.timeout(5000) });
    client.send('who?', 7777, VIP);
    names.push(String((await answer)[0]));
  }
  assert.equal(names[0], names[2]);
  assert.equal(names[1], names[3]);
  assert.notEqual(names[0], names[1]);
});

test('Thresholds: a server at its upper threshold gets no more connections, by packets', async () => {
  const [one, two] = [server(11, { port: 8080, u_threshold: 1 }), server(12, { port: 8080 })];
  serve(service({ port: 81, servers: [one, two] }));
  const names = await askMany(5, 81);
  assert.equal(names.filter((name) => name === 's1').length, 1, names.join());
  assert.match(sh('ipvsadm -Ln --thresholds'), /192\.0\.2\.11:8080 +1 +0/);
});

test('Thresholds: lower and upper read back', () => {
  serve(service({ port: 82, servers: [server(11, { u_threshold: 100, l_threshold: 50 })] }));
  assert.match(sh('ipvsadm -Ln --thresholds'), /192\.0\.2\.11:82 +100 +50/);
});

for (const scheduler of ['sh', 'mh']) {
  test(`Scheduler flags: ${scheduler}-port spreads the ports of one client, by packets`, async () => {
    serve(service({ port: 83, scheduler }));
    assert.equal(kinds(await askMany(12, 83)).length, 1, 'by its address alone a client has one server');
    serve(service({ port: 83, scheduler, scheduler_flags: [`${scheduler}-port`] }));
    assert.deepEqual(kinds(await askMany(24, 83)), ['s1', 's2']);
    assert.match(sh('ipvsadm -Sn'), new RegExp(`-s ${scheduler} -b ${scheduler}-port`));
  });

  test(`Scheduler flags: ${scheduler}-fallback leaves a quiesced server for another, by packets`, async () => {
    const flags = [`${scheduler}-fallback`];
    serve(service({ port: 84, scheduler, scheduler_flags: flags }));
    const [home] = await askMany(1, 84);
    const quiesced = BOTH.map((entry) => (entry.name === `s1${home?.slice(1)}` ? { ...entry, weight: 0 } : entry));
    serve(service({ port: 84, scheduler, scheduler_flags: flags, servers: quiesced }));
    const [other] = await askMany(1, 84);
    assert.notEqual(other, home);
    assert.match(sh('ipvsadm -Sn'), new RegExp(`-s ${scheduler} -b ${scheduler}-fallback`));
  });
}

test('Persistence netmask: clients of one network share a server, by packets', async () => {
  serve(service({ port: 85, persistence_s: 60, persistence_netmask: '255.255.255.0' }));
  const names = [await ask(85), await ask(85, '203.0.113.11'), await ask(85), await ask(85, '203.0.113.11')];
  assert.equal(kinds(names).length, 1, names.join());
  assert.match(sh('ipvsadm -Sn'), /-p 60 -M 255\.255\.255\.0/);
  serve(service({ port: 86, persistence_s: 60 }));
  assert.deepEqual(kinds([await ask(86), await ask(86, '203.0.113.11')]), ['s1', 's2']);
});

test('Persistence netmask: a prefix length of IPv6 reads back', () => {
  const servers = [{ name: 'six', address: '2001:db8:1::11' }];
  serve(service({ address: VIP6, port: 87, persistence_s: 60, persistence_netmask: 64, servers }));
  assert.match(sh('ipvsadm -Sn'), /-p 60 -M 64/);
});

test('Persistence engine: sip reads back, and goes when it is not asked for any more', () => {
  const sip = { protocol: 'udp', port: 5060, persistence_s: 60, one_packet: true, servers: [server(11)] };
  serve(service({ ...sip, persistence_engine: 'sip' }));
  assert.match(sh('ipvsadm -Ln'), /pe sip/);
  serve(service(sip));
  assert.doesNotMatch(sh('ipvsadm -Ln'), /pe sip/);
});

test('Tunnels: IPIP, GUE and GRE with their checksums read back', () => {
  const tunnel = (last: number, more: Raw) => server(last, { forwarding: 'tunnel', ...more });
  serve(
    service({
      port: 88,
      servers: [
        tunnel(21, {}),
        tunnel(22, { tun_type: 'gue', tun_port: 6080 }),
        tunnel(23, { tun_type: 'gue', tun_port: 6080, tun_csum: 'csum' }),
        tunnel(24, { tun_type: 'gue', tun_port: 6081, tun_csum: 'remcsum' }),
        tunnel(25, { tun_type: 'gre' }),
        tunnel(26, { tun_type: 'gre', tun_csum: 'csum' }),
      ],
    }),
  );
  const saved = sh('ipvsadm -Sn');
  for (const [last, words] of [
    [21, '--tun-type ipip'],
    [22, '--tun-type gue --tun-port 6080 --tun-nocsum'],
    [23, '--tun-type gue --tun-port 6080 --tun-csum'],
    [24, '--tun-type gue --tun-port 6081 --tun-remcsum'],
    [25, '--tun-type gre --tun-nocsum'],
    [26, '--tun-type gre --tun-csum'],
  ]) {
    assert.match(saved, new RegExp(`-r 192\\.0\\.2\\.${last}:88 -i -w 1 ${words}$`, 'm'));
  }
});

test('Tunnels: one to the other family is refused by the kernel while sync daemons run', () => {
  serve(service({ port: 89, servers: [] }));
  const mixed: IpvsStep = {
    op: 'add-destination',
    service: { protocol: 'tcp', address: VIP, port: 89 },
    destination: { address: '2001:db8:1::11', port: 89, forwarding: 'tunnel', weight: 1, upper: 0, lower: 0 },
  };
  const daemon = { role: 'master', device: 'eth1', syncId: 7 } as const;
  assert.deepEqual(table.apply([{ op: 'start-daemon', daemon }]), []);
  assert.deepEqual(
    table.apply([mixed]).map((failure) => failure.errno),
    ['EINVAL'],
  );
  assert.deepEqual(table.apply([{ op: 'stop-daemon', daemon }, mixed]), []);
});

test('Timeouts: those of the document are the kernel’s, and go back when it says nothing', () => {
  const parsed = parseDocument(stringify({ ...draft(), timeouts: { tcp_s: 600, tcpfin_s: 60, udp_s: 30 } }));
  assert.ok(parsed.ok);
  const desired = desiredState(parsed.document, compileLane(parsed.document, rackNode('a'), 'digest'), () => true);
  const { steps } = planIpvs({ ...desired, services: [], daemons: [] }, table.read(), {}, 0);
  assert.deepEqual(steps.map(describeStep), ['--set 600 60 30']);
  assert.deepEqual(table.apply(steps), []);
  assert.match(sh('ipvsadm -Ln --timeout'), /600 60 30/);
  assert.deepEqual(serve(), ['--set 900 120 300']);
  assert.match(sh('ipvsadm -Ln --timeout'), /900 120 300/);
});

test('Changes: a weight is one step and the other servers’ connections stay, by packets', async () => {
  serve(service({ port: 90 }));
  const names = await askMany(2, 90);
  const weights = [server(11, { port: 8080, weight: 5 }), server(12, { port: 8080 })];
  assert.deepEqual(serve(service({ port: 90, servers: weights })), [`-e -t ${VIP}:90 -r 192.0.2.11:8080 -m -w 5`]);
  for (const [index, socket] of sockets.entries()) {
    const answer = once(socket, 'data', { signal: AbortSignal.timeout(5000) });
    socket.write('still?\n');
    assert.equal(String((await answer)[0]).split(' ')[0], names[index]);
  }
});
