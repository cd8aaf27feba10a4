import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { after, before, beforeEach, test } from 'node:test';
import { openIpvs } from '../../firmware/netlink/ipvs.ts';
import type { Destination, IpvsStep, ObservedService, Service, ServiceKey } from '../../src/model/ipvs.ts';
import { savedAs } from '../unit/codec/ipvsadm.ts';
import { saved } from './ipvsadm.ts';
import { enterNamespace, sh } from './netns.ts';

let table: ReturnType<typeof openIpvs>;

before(() => {
  enterNamespace();
  sh('ip link add eth1 type dummy; ip addr add 192.0.2.2/24 dev eth1; ip link set eth1 up multicast on');
  table = openIpvs();
});

beforeEach(() => {
  sh('ipvsadm -C');
});

after(() => {
  sh('ipvsadm -C');
  table.close();
});

const service = (more: Partial<Service> = {}): Service => ({
  protocol: 'tcp',
  address: '198.51.100.10',
  port: 80,
  scheduler: 'rr',
  schedulerFlags: [],
  persistence: 0,
  onePacket: false,
  ...more,
});

const server = (address: string, more: Partial<Destination> = {}): Destination => ({
  address,
  port: 8080,
  forwarding: 'masquerade',
  weight: 1,
  upper: 0,
  lower: 0,
  ...more,
});

const addService = (one: Service): IpvsStep => ({ op: 'add-service', service: one });
const addServer = (key: ServiceKey, destination: Destination): IpvsStep => ({
  op: 'add-destination',
  service: key,
  destination,
});

/** Without what the kernel counts. */
function plain({ counters: _, destinations, ...rest }: ObservedService) {
  return {
    ...rest,
    destinations: destinations
      .map(({ active: _a, inactive: _i, persistent: _p, counters: _c, ...destination }) => destination)
      .sort((left, right) => left.address.localeCompare(right.address)),
  };
}

const order = (one: ServiceKey): string => `${one.protocol} ${one.address} ${one.port}`;
const table4 = () =>
  table
    .read()
    .services.map(plain)
    .sort((left, right) => order(left).localeCompare(order(right)));

/** One of every kind that ipvsadm and we both have words for. */
const everything: readonly { readonly service: Service; readonly servers: readonly Destination[] }[] = [
  {
    service: service(),
    servers: [server('192.0.2.11'), server('192.0.2.12', { weight: 0 }), server('192.0.2.13', { weight: 65_535 })],
  },
  {
    service: service({ port: 443, scheduler: 'wlc', persistence: 300 }),
    servers: [server('192.0.2.11', { port: 443, forwarding: 'direct' })],
  },
  {
    service: service({ protocol: 'udp', port: 7, onePacket: true }),
    servers: [server('192.0.2.11', { port: 7, upper: 100, lower: 50 })],
  },
  {
    service: service({ protocol: 'sctp', port: 36_412, scheduler: 'wrr' }),
    servers: [server('192.0.2.13', { port: 36_412 })],
  },
  {
    service: service({ address: '2001:db8::10', scheduler: 'sh', schedulerFlags: ['flag-1', 'flag-2'] }),
    servers: [server('2001:db8:1::11'), server('2001:db8:1::12', { forwarding: 'direct', port: 80 })],
  },
  {
    service: service({
      protocol: 'udp',
      address: '2001:db8::10',
      port: 53,
      scheduler: 'mh',
      schedulerFlags: ['flag-2'],
    }),
    servers: [server('2001:db8:1::11', { port: 53, forwarding: 'tunnel' })],
  },
];

const addEverything = everything.flatMap(({ service: one, servers }) => [
  addService(one),
  ...servers.map((destination) => addServer(one, destination)),
]);

test('what was applied is what read says and what ipvsadm -Sn says', () => {
  assert.deepEqual(table.apply(addEverything), []);
  const expected = everything
    .map((entry) => ({ ...entry.service, destinations: entry.servers }))
    .sort((left, right) => order(left).localeCompare(order(right)));
  assert.deepEqual(table4(), expected);
  assert.deepEqual(savedAs(table.read()), saved());
  assert.match(sh('ipvsadm -Ln --thresholds'), /192\.0\.2\.11:7\s+100\s+50/);
});

test('what ipvsadm made reads back in its own words', () => {
  const rules = [
    '-A -t 198.51.100.10:80 -s wlc -p 120',
    '-a -t 198.51.100.10:80 -r 192.0.2.11:8080 -m -w 7',
    '-A -t [2001:db8::10]:443 -s mh -b mh-fallback,mh-port',
    '-a -t [2001:db8::10]:443 -r [2001:db8:1::11]:443 -g -w 1',
    '-A -u 198.51.100.10:7 -s lc -o',
    '-a -u 198.51.100.10:7 -r 192.0.2.12:7 -i -w 2 --tun-type ipip',
  ];
  sh(`ipvsadm -R <<'END'\n${rules.join('\n')}\nEND`);
  assert.deepEqual(saved(), rules.toSorted());
  assert.deepEqual(savedAs(table.read()), rules.toSorted());
});

test('edits and deletions touch only what they name', () => {
  table.apply(addEverything);
  const [web] = everything;
  const key: ServiceKey = { protocol: 'tcp', address: '198.51.100.10', port: 80 };
  const failures = table.apply([
    { op: 'edit-service', service: service({ scheduler: 'sed', persistence: 60 }) },
    { op: 'edit-destination', service: key, destination: server('192.0.2.12', { weight: 9, forwarding: 'direct' }) },
    { op: 'delete-destination', service: key, destination: { address: '192.0.2.13', port: 8080 } },
    { op: 'delete-service', service: everything[1]!.service },
    { op: 'edit-destination', service: everything[4]!.service, destination: server('2001:db8:1::11', { weight: 0 }) },
  ]);
  assert.deepEqual(failures, []);
  const after = table4();
  assert.deepEqual(
    after.find((one) => one.port === 80 && one.address === '198.51.100.10'),
    {
      ...service({ scheduler: 'sed', persistence: 60 }),
      destinations: [web!.servers[0], server('192.0.2.12', { weight: 9, forwarding: 'direct' })],
    },
  );
  assert.equal(after.length, everything.length - 1);
  assert.ok(!after.some((one) => one.port === 443));
  assert.deepEqual(savedAs(table.read()), saved());
  table.apply([{ op: 'edit-service', service: service({ scheduler: 'rr', persistence: 0 }) }]);
  assert.equal(table4().find((one) => one.port === 80 && one.address === '198.51.100.10')?.persistence, 0);
});

test('a refused step says what the kernel said, and the rest of its batch is applied', () => {
  const key: ServiceKey = { protocol: 'tcp', address: '198.51.100.10', port: 80 };
  const missing: ServiceKey = { ...key, port: 81 };
  const steps: IpvsStep[] = [
    addService(service()),
    addService(service()),
    addService(service({ port: 82, scheduler: 'nosuch' })),
    addServer(key, server('192.0.2.11')),
    addServer(key, server('192.0.2.11')),
    addServer(missing, server('192.0.2.11')),
    { op: 'edit-destination', service: key, destination: server('192.0.2.99') },
    { op: 'delete-destination', service: key, destination: { address: '192.0.2.99', port: 8080 } },
    { op: 'delete-service', service: missing },
    addServer(key, server('192.0.2.14', { upper: 1, lower: 2 })),
    { op: 'stop-daemon', daemon: { role: 'master', device: 'eth1', syncId: 7 } },
    { op: 'start-daemon', daemon: { role: 'master', device: 'nowhere', syncId: 7 } },
    addServer(key, server('192.0.2.12')),
  ];
  const failures = table.apply(steps);
  assert.deepEqual(
    failures.map((failure) => [steps.indexOf(failure.step), failure.errno, failure.text]),
    [
      [1, 'EEXIST', 'there is such a virtual service already'],
      [
        2,
        'ENOENT',
        'the kernel has no such scheduler or persistence engine, nor a module ip_vs_<scheduler> or ip_vs_pe_<engine>',
      ],
      [4, 'EEXIST', 'the virtual service has such a destination already'],
      [5, 'ESRCH', 'there is no such virtual service'],
      [6, 'ENOENT', 'the virtual service has no such destination'],
      [7, 'ENOENT', 'the virtual service has no such destination'],
      [8, 'ESRCH', 'there is no such virtual service'],
      [9, 'ERANGE', 'the weight is negative, or the lower threshold is above the upper one'],
      [10, 'ESRCH', 'no sync daemon of this role runs'],
      [11, 'ENODEV', 'there is no such device'],
    ],
  );
  const left = table4();
  assert.deepEqual(left, [{ ...service(), destinations: [server('192.0.2.11'), server('192.0.2.12')] }]);
});

test('bad input is refused by name before anything is sent', () => {
  const steps = [addService(service()), addService(service({ port: 99_999 }))];
  assert.throws(() => table.apply(steps), { code: 'bad-request', message: /port is 99999/ });
  assert.deepEqual(table.read().services, []);
});

test('more than fits one sendmsg is applied whole, and read whole', () => {
  const key: ServiceKey = { protocol: 'tcp', address: '198.51.100.10', port: 80 };
  const servers = Array.from({ length: 1500 }, (_, index) =>
    server(`192.0.2.${1 + (index % 250)}`, { port: 8000 + Math.floor(index / 250), weight: index }),
  );
  const twice = servers[700]!;
  const steps = [addService(service()), ...servers.map((one) => addServer(key, one)), addServer(key, twice)];
  const failures = table.apply(steps);
  assert.deepEqual(
    failures.map((failure) => [steps.indexOf(failure.step), failure.errno]),
    [[1501, 'EEXIST']],
  );
  const [found] = table.read().services;
  const text = (all: readonly Destination[]) => all.map((one) => `${one.address}:${one.port} ${one.weight}`).sort();
  assert.deepEqual(text(found!.destinations), text(servers));
  assert.equal(sh('ipvsadm -Ln | grep -c Masq').trim(), '1500');
});

test('sync daemons of both roles start, are seen, and stop', () => {
  const daemons = [
    { role: 'master', device: 'eth1', syncId: 7 },
    { role: 'backup', device: 'eth1', syncId: 7 },
  ] as const;
  assert.deepEqual(table.read().daemons, []);
  assert.deepEqual(table.apply(daemons.map((daemon) => ({ op: 'start-daemon', daemon }))), []);
  assert.deepEqual(table.read().daemons, daemons);
  const told = sh('ipvsadm -Ln --daemon');
  assert.match(told, /^master sync daemon \(mcast=eth1, syncid=7,/m);
  assert.match(told, /^backup sync daemon \(mcast=eth1, syncid=7,/m);
  assert.deepEqual(
    table.apply([{ op: 'start-daemon', daemon: daemons[0] }]).map((failure) => failure.errno),
    ['EEXIST'],
  );
  assert.deepEqual(table.apply(daemons.map((daemon) => ({ op: 'stop-daemon', daemon }))), []);
  assert.deepEqual(table.read().daemons, []);
  assert.equal(sh('ipvsadm -Ln --daemon').trim(), '');
});

test('timeouts are set, and 0 leaves one alone', () => {
  assert.deepEqual(table.apply([{ op: 'set-timeouts', timeouts: { tcp: 850, tcpFin: 110, udp: 290 } }]), []);
  assert.deepEqual(table.read().timeouts, { tcp: 850, tcpFin: 110, udp: 290 });
  table.apply([{ op: 'set-timeouts', timeouts: { tcp: 0, tcpFin: 95, udp: 0 } }]);
  assert.deepEqual(table.read().timeouts, { tcp: 850, tcpFin: 95, udp: 290 });
  assert.match(sh('ipvsadm -Ln --timeout'), /\(tcp tcpfin udp\): 850 95 290/);
});

test('connections and traffic are counted as ipvsadm counts them', async (t) => {
  sh('ip addr add 198.51.100.10/32 dev lo');
  const one = service({ protocol: 'udp', port: 7 });
  table.apply([addService(one), addServer(one, server('192.0.2.2', { port: 7777 }))]);
  const receiver = createSocket('udp4').bind(7777, '192.0.2.2');
  const sender = createSocket('udp4');
  t.after(() => {
    receiver.close();
    sender.close();
    sh('ip addr del 198.51.100.10/32 dev lo');
  });
  await once(receiver, 'listening');
  for (const text of ['one', 'two', 'three']) {
    const arrival = once(receiver, 'message', { signal: AbortSignal.timeout(5000) });
    sender.send(text, 7, '198.51.100.10');
    const [message, from] = (await arrival) as [Buffer, { address: string; port: number }];
    assert.equal(message.toString(), text);
    const answer = once(sender, 'message', { signal: AbortSignal.timeout(5000) });
    receiver.send(message, from.port, from.address);
    await answer;
  }
  // The kernel sums its per-processor counters every 2 s and tells nobody.
  const deadline = performance.now() + 10_000;
  while (table.read().services[0]!.counters.packetsOut < 3 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const [found] = table.read().services;
  const { counters, inactive } = found!.destinations[0]!;
  assert.deepEqual(counters, { connections: 1, packetsIn: 3, packetsOut: 3, bytesIn: 95, bytesOut: 95 });
  assert.deepEqual(found!.counters, counters);
  assert.equal(inactive, 1);
  const told = /192\.0\.2\.2:7777\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)/.exec(sh('ipvsadm -Ln --exact --stats'))!;
  assert.deepEqual(told.slice(1).map(Number), [1, 3, 3, 95, 95]);
});

test('without the right to change anything, the table says so', () => {
  const script =
    "import('./firmware/netlink/ipvs.ts').then(({openIpvs}) => console.log(JSON.stringify(openIpvs().apply([{op:'stop-daemon',daemon:{role:'master',device:'x',syncId:1}}]))))";
  const run = spawnSync('setpriv', ['--reuid', '65534', '--clear-groups', '--inh-caps=-all', 'node', '-e', script], {
    encoding: 'utf8',
  });
  assert.match(run.stdout + run.stderr, /"errno":"EPERM","text":"changing IPVS needs root or CAP_NET_ADMIN"/);
});
