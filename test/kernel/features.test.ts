import assert from 'node:assert/strict';
import { createSocket, type Socket as Dgram } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { compileLane } from '../../src/core/document/compileLane.ts';
import { describeStep, desiredState, planIpvs } from '../../src/core/reconcile/index.ts';
import { SCHEDULERS } from '../../src/model/document.ts';
import type { IpvsStep } from '../../src/model/ipvs.ts';
import { parseDocument } from '../../src/model/parseDocument.ts';
import { markOf } from '../../src/model/service.ts';
import { rackNode } from '../fakes/rackDocument.ts';
import { draft } from '../unit/model/example.ts';
import { BOTH, CLIENT, featureBench, kinds, type Raw, SPACES, server, service, VIP, VIP6 } from './features/bench.ts';
import { sh } from './netns.ts';
import { within } from './segments.ts';

/** Each test is a line of docs/features.md: what it is called before the colon, and what is true of it. */

const { serve, ask, askMany, sockets, table, marks } = featureBench([80, 443, 8050, 8080]);

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
  assert.deepEqual(marks().read().entries, [
    { ...entry, first: 80, last: 80 },
    { ...entry, first: 8000, last: 8100 },
  ]);
  assert.deepEqual(serve(shop([80, 443, '8000-8100'])), [], 'the table of services is not touched');
  assert.equal(sh('nft -a list table inet tandem').match(/map marks4 \{ # handle (\d+)/)?.[1], handle);
  assert.equal(marks().read().entries.length, 3);
});

test('Several ports: a table that somebody changed or removed is seen and made right', () => {
  const shop = service({ name: 'shop', ports: [80, 443], servers: [server(11)] });
  serve(shop);
  sh(`nft delete element inet tandem marks4 '{ ${VIP} . tcp . 443 }'`);
  assert.equal(marks().read().entries.length, 1);
  serve(shop);
  sh('nft flush chain inet tandem prerouting');
  assert.equal(marks().read().intact, false);
  serve(shop);
  sh('nft delete table inet tandem');
  assert.equal(marks().read().present, false);
  serve(shop);
  assert.equal(marks().read().entries.length, 2);
  serve();
  assert.equal(marks().read().present, false, 'a box without marks has no table');
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
  assert.deepEqual(table().apply([{ op: 'start-daemon', daemon }]), []);
  assert.deepEqual(
    table()
      .apply([mixed])
      .map((failure) => failure.errno),
    ['EINVAL'],
  );
  assert.deepEqual(table().apply([{ op: 'stop-daemon', daemon }, mixed]), []);
});

test('Timeouts: those of the document are the kernel’s, and go back when it says nothing', () => {
  const parsed = parseDocument(stringify({ ...draft(), timeouts: { tcp_s: 600, tcpfin_s: 60, udp_s: 30 } }));
  assert.ok(parsed.ok);
  const desired = desiredState(parsed.document, compileLane(parsed.document, rackNode('a'), 'digest'), () => true);
  const { steps } = planIpvs({ ...desired, services: [], daemons: [] }, table().read(), {}, 0);
  assert.deepEqual(steps.map(describeStep), ['--set 600 60 30']);
  assert.deepEqual(table().apply(steps), []);
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
