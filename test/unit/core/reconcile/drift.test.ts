import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIGHT_MS, FIGHT_TIMES } from '../../../../src/core/reconcile/index.ts';
import type { Destination, IpvsStep } from '../../../../src/model/ipvs.ts';
import { Bench, desiredOf, settled, told } from './bench.ts';

const web = { protocol: 'tcp', address: '198.51.100.10', port: 80 } as const;
const s1 = { address: '192.0.2.11', port: 8080 } as const;
const server = (more: Partial<Destination> = {}): Destination => ({
  ...s1,
  forwarding: 'masquerade',
  weight: 1,
  upper: 0,
  lower: 0,
  ...more,
});
const weigh = (weight: number): IpvsStep => ({
  op: 'edit-destination',
  service: web,
  destination: server({ weight }),
});
const NAME = 'server tcp 198.51.100.10:80 > 192.0.2.11:8080';
const weightOf = (bench: Bench): number => bench.kernel.ipvs.destination(web, s1).weight;
const alarms = (bench: Bench, code: string): boolean[] =>
  bench.of('alarm').flatMap(({ alarm, raised }) => (alarm.code === code ? [raised] : []));

const lighter = (text: string): string => text.replace(/(name: s1.*8080) \}/, '$1, weight: 7 }');

const marked = (text: string): string => text.replace('port: 80\n', 'ports: [80, 443]\n');

test('Not drift: the first look at a kernel that has just booted', () => {
  const bench = new Bench();
  bench.want(desiredOf(), 'start');
  assert.deepEqual(told(bench), []);
});

test('Not drift: a changed weight, scheduler, address or time limit of ours', () => {
  const changes = [
    lighter,
    (text: string) => text.replace('scheduler: rr', 'scheduler: wlc'),
    (text: string) => text.replace('public: 198.51.100.2/24', 'public: 198.51.100.4/24'),
    (text: string) => text.replace('198.51.100.10/24', '198.51.100.11/24'),
    (text: string) => `${text}timeouts: { tcp_s: 60 }\n`,
  ];
  for (const change of changes) {
    const bench = settled();
    bench.want(desiredOf(change));
    bench.wake();
    bench.want(desiredOf());
    bench.wake();
    assert.deepEqual(told(bench), [], change.toString());
    assert.ok(bench.state.verified);
  }
});

test('Not drift: a step of ours that the kernel refused, and takes later', () => {
  const bench = settled();
  bench.kernel.ipvs.refuse = (step) => step.op === 'edit-destination';
  bench.want(desiredOf(lighter));
  assert.ok(!bench.state.verified);
  bench.wake();
  bench.kernel.ipvs.refuse = () => false;
  bench.wake();
  assert.equal(weightOf(bench), 7);
  bench.wake();
  assert.deepEqual(told(bench), []);
});

test('Not drift: what another tool has changed to what is asked for now', () => {
  const bench = settled();
  bench.kernel.ipvs.apply([weigh(7)]);
  bench.want(desiredOf(lighter));
  assert.deepEqual(told(bench), []);
});

test('Not drift: a service that leaves with its connections, and goes when they have ended', () => {
  const bench = settled();
  bench.kernel.ipvs.destination(web, s1).active = 2;
  const without = desiredOf();
  bench.want({ ...without, services: without.services.filter(({ port }) => port !== 80) });
  bench.wake();
  bench.kernel.ipvs.destination(web, s1).active = 0;
  bench.wake();
  bench.wake();
  assert.equal(bench.kernel.ipvs.read().services.length, 1);
  assert.deepEqual(told(bench), []);
});

test('Not drift: redirects that the kernel turns on with our own write to ip_forward', () => {
  const bench = settled();
  bench.kernel.sysctls.values.set('net.ipv4.ip_forward', '0');
  bench.wake();
  bench.wake();
  assert.deepEqual(told(bench), ['sysctl net.ipv4.ip_forward: was 1, found 0, repaired']);
});

test('Not drift: what the kernel changes along with a step of ours, though no step of ours names it', () => {
  const bench = settled();
  const { sysctls } = bench.kernel;
  const set = sysctls.set.bind(sysctls);
  sysctls.set = (name, value) => {
    set(name, value);
    if (name === 'net.ipv4.ip_forward') sysctls.values.set('net.ipv4.vs.conn_reuse_mode', '9');
  };
  sysctls.values.set('net.ipv4.ip_forward', '0');
  bench.wake();
  assert.deepEqual(told(bench), ['sysctl net.ipv4.ip_forward: was 1, found 0, repaired']);
  assert.notEqual(sysctls.get('net.ipv4.vs.conn_reuse_mode'), '9');
});

test('Not drift: a first service by firewall marks, and the last one', () => {
  const bench = settled();
  bench.want(desiredOf(marked));
  assert.equal(bench.kernel.marks.table.entries.length, 2);
  bench.wake();
  bench.want(desiredOf());
  bench.wake();
  assert.deepEqual(told(bench), []);
});

test('Drift: a mark by itself, and a table of marks as one', () => {
  const bench = settled();
  bench.want(desiredOf(marked));
  const [first, ...rest] = bench.kernel.marks.table.entries;
  bench.kernel.marks.table = { ...bench.kernel.marks.table, entries: rest };
  bench.wake();
  bench.kernel.marks.table = { intact: false, present: true, entries: [] };
  bench.wake();
  assert.deepEqual(told(bench), [
    `mark tcp 198.51.100.10 80-80: was ${first!.mark}, found gone, repaired`,
    'mark table: was as written, found altered, repaired',
  ]);
  assert.equal(bench.kernel.marks.table.entries.length, 2);
});

test('Drift: a weight that another tool changed while a change of ours is on its way', () => {
  const bench = settled();
  bench.kernel.ipvs.apply([weigh(3)]);
  bench.want(desiredOf((text) => text.replace('scheduler: rr', 'scheduler: wlc')));
  assert.deepEqual(told(bench), [`${NAME}: was -m -w 1, found -m -w 3, repaired`]);
});

test('Drift: a sync daemon, the time limits, an address, a NIC, a route', () => {
  const bench = settled();
  const { ipvs, network } = bench.kernel;
  const [master] = ipvs.read().daemons;
  ipvs.apply([
    { op: 'stop-daemon', daemon: master! },
    { op: 'set-timeouts', timeouts: { tcp: 5, tcpFin: 120, udp: 300 } },
  ]);
  network.held = network.held.filter(({ address }) => address !== '192.0.2.2');
  network.setRoute({ destination: '0.0.0.0/0', gateway: '198.51.100.9', device: 'eth0' });
  bench.wake();
  assert.deepEqual(
    told(bench)
      .map((line) => line.replace(/syncid \d+/, 'syncid N'))
      .sort(),
    [
      'address 192.0.2.2/24 dev eth1: was set, found not set, repaired',
      'daemon master: was --mcast-interface eth1 --syncid N, found gone, repaired',
      'route default: was via 198.51.100.1 dev eth0, found via 198.51.100.9 dev eth0, repaired',
      'timeouts: was 900 120 300, found 5 120 300, repaired',
    ],
  );
  assert.ok(bench.state.verified);
});

test('Drift: an address of nobody’s on our NIC is left alone and not told', () => {
  const bench = settled();
  const [address] = bench.kernel.network.held;
  bench.kernel.network.held.push({ ...address!, address: '198.51.100.77' });
  bench.wake();
  assert.deepEqual(told(bench), []);
  assert.ok(bench.kernel.network.held.some((entry) => entry.address === '198.51.100.77'));
});

test('Drift: a server of nobody’s with connections is told once, as leaving', () => {
  const bench = settled();
  const foreign = { address: '192.0.2.99', port: 1 };
  bench.kernel.ipvs.apply([{ op: 'add-destination', service: web, destination: server(foreign) }]);
  bench.kernel.ipvs.destination(web, foreign).active = 1;
  bench.wake();
  bench.wake();
  assert.deepEqual(told(bench), ['server tcp 198.51.100.10:80 > 192.0.2.99:1: was not there, found -m -w 1, leaving']);
});

test('Drift: what the kernel does not let us repair is told with its reason, and again when it is repaired', () => {
  const bench = settled();
  bench.kernel.ipvs.apply([weigh(3)]);
  bench.kernel.ipvs.refuse = (step) => step.op === 'edit-destination';
  bench.wake();
  bench.wake();
  assert.deepEqual(told(bench), [`${NAME}: was -m -w 1, found -m -w 3, failed`]);
  assert.match(bench.of('drifted')[0]!.drifted[0]!.why, /EPERM/);
  bench.forget();
  bench.kernel.ipvs.refuse = () => false;
  bench.wake();
  assert.deepEqual(told(bench), [`${NAME}: was -m -w 1, found -m -w 3, repaired`]);
});

test('At start: a difference is told as such, save servers that were leaving', () => {
  const before = settled();
  const leaving = { address: '192.0.2.98', port: 1, weight: 0 };
  before.kernel.ipvs.apply([weigh(3), { op: 'add-destination', service: web, destination: server(leaving) }]);
  const again = new Bench(before.kernel);
  again.want(desiredOf(), 'start');
  assert.deepEqual(told(again), [`${NAME}: should be -m -w 1, found -m -w 3, repaired`]);
  again.wake();
  assert.equal(told(again).length, 1);
});

test('At start: a part of the weight is a slow start that has gone on; none of it, or more than all, is not', () => {
  const found = (weight: number): number => {
    const before = new Bench();
    before.want(desiredOf(lighter), 'start');
    before.kernel.ipvs.apply([weigh(weight)]);
    const again = new Bench(before.kernel);
    again.want(desiredOf(lighter), 'start');
    assert.equal(weightOf(again), 7);
    return told(again).length;
  };
  assert.deepEqual([0, 3, 7, 9].map(found), [1, 0, 0, 1]);
});

test('A hold leaves drift alone and verified; its end repairs it and says so', () => {
  const bench = settled();
  bench.post({ type: 'hold', held: true });
  bench.kernel.ipvs.apply([weigh(3)]);
  bench.wake();
  bench.wake();
  assert.equal(weightOf(bench), 3);
  assert.deepEqual(told(bench), [`${NAME}: was -m -w 1, found -m -w 3, held`]);
  assert.ok(bench.state.verified);
  assert.deepEqual([...bench.state.left.keys()], [NAME]);
  bench.forget();
  bench.post({ type: 'hold', held: false });
  assert.equal(weightOf(bench), 1);
  assert.deepEqual(told(bench), [`${NAME}: was -m -w 1, found -m -w 3, repaired`]);
  assert.equal(bench.state.left.size, 0);
});

test('A hold lets our own changes through, save to what was touched by hand', () => {
  const bench = settled();
  bench.post({ type: 'hold', held: true });
  bench.kernel.ipvs.apply([weigh(3)]);
  bench.wake();
  bench.want(desiredOf((text) => lighter(text).replace(/(name: s2.*8080) \}/, '$1, weight: 9 }')));
  assert.equal(weightOf(bench), 3);
  assert.equal(bench.kernel.ipvs.destination(web, { address: '192.0.2.12', port: 8080 }).weight, 9);
  bench.post({ type: 'hold', held: false });
  assert.equal(weightOf(bench), 7);
});

test('A hold forgets what was put right by hand', () => {
  const bench = settled();
  bench.post({ type: 'hold', held: true });
  bench.kernel.ipvs.apply([weigh(3)]);
  bench.wake();
  bench.kernel.ipvs.apply([weigh(1)]);
  bench.wake();
  assert.equal(bench.state.left.size, 0);
});

test('A hold leaves a deleted service alone, with a server that the document adds to it', () => {
  const bench = settled();
  bench.post({ type: 'hold', held: true });
  bench.kernel.ipvs.apply([{ op: 'delete-service', service: web }]);
  bench.wake();
  const more = (text: string): string =>
    text.replace('  - name: echo', '      - { name: s9, address: 192.0.2.19, port: 8080 }\n  - name: echo');
  bench.want(desiredOf(more));
  assert.equal(bench.kernel.ipvs.read().services.length, 1);
  assert.ok(bench.state.verified, 'nothing was refused');
  bench.post({ type: 'hold', held: false });
  assert.equal(bench.kernel.ipvs.read().services.find(({ port }) => port === 80)?.destinations.length, 4);
});

test('A hold leaves ip_forward alone without writing its followers again and again', () => {
  const bench = settled();
  bench.post({ type: 'hold', held: true });
  bench.kernel.sysctls.values.set('net.ipv4.ip_forward', '0');
  bench.wake();
  const writes = bench.kernel.sysctls.log.length;
  bench.wake();
  assert.equal(bench.kernel.sysctls.log.length, writes);
  assert.ok(bench.state.verified);
});

test('A fight is an alarm that names what is fought over, and ends when it is quiet', () => {
  const bench = settled();
  for (let time = 0; time <= FIGHT_TIMES; time += 1) {
    assert.deepEqual(alarms(bench, 'drift-fight'), [], `after ${time} times`);
    bench.kernel.ipvs.apply([weigh(3)]);
    bench.wake();
  }
  assert.deepEqual(alarms(bench, 'drift-fight'), [true]);
  const raised = bench.of('alarm').find(({ alarm }) => alarm.code === 'drift-fight')!;
  assert.match(raised.alarm.text, new RegExp(`more than ${FIGHT_TIMES} times in 5 minutes: ${NAME}`));
  const end = bench.now + FIGHT_MS;
  while (bench.now <= end) bench.wake();
  assert.deepEqual(alarms(bench, 'drift-fight'), [true, false]);
});
