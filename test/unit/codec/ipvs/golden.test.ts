import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CMD_ATTR, IPVS_CMD } from '../../../../src/codec/ipvs/constants.ts';
import { decodeDaemon, decodeTimeouts } from '../../../../src/codec/ipvs/daemon.ts';
import { decodeDestination } from '../../../../src/codec/ipvs/destination.ts';
import { decodeService, type ListedService } from '../../../../src/codec/ipvs/service.ts';
import { stepRequest, writeIpvsRequest } from '../../../../src/codec/ipvs/step.ts';
import { decodeAck } from '../../../../src/codec/netlink/ack.ts';
import { NLMSG_ERROR } from '../../../../src/codec/netlink/constants.ts';
import { decodeFamily, decodeGeneric, writeFamilyRequest } from '../../../../src/codec/netlink/genetlink.ts';
import { type NetlinkMessage, splitMessages } from '../../../../src/codec/netlink/message.ts';
import {
  type Destination,
  type IpvsStep,
  markedKey,
  type ObservedDestination,
  type Service,
  type ServiceKey,
} from '../../../../src/model/ipvs.ts';
import type { GoldenCommand } from '../../../kernel/golden/fixture.ts';
import { only, written } from '../arbitraries.ts';
import { answers, attributeList, bytesOf, comparable, golden, lastRequest } from '../golden.ts';
import { savedAs } from '../ipvsadm.ts';

const { command } = golden('ipvsadm');

const service = (port: number, more: Partial<Service> = {}): Service => ({
  protocol: 'tcp',
  address: '198.51.100.10',
  port,
  scheduler: 'rr',
  schedulerFlags: [],
  persistence: 0,
  onePacket: false,
  ...more,
});

const server = (address: string, port: number, more: Partial<Destination> = {}): Destination => ({
  address,
  port,
  forwarding: 'masquerade',
  weight: 1,
  upper: 0,
  lower: 0,
  ...more,
});

const web6 = service(80, { address: '2001:db8::10', scheduler: 'sh', schedulerFlags: ['flag-1', 'flag-2'] });
const echo = service(7, { protocol: 'udp', scheduler: 'wrr', onePacket: true });
const message = (step: IpvsStep): Uint8Array => written((writer) => writeIpvsRequest(writer, 35, 1, stepRequest(step)));

const whole: readonly [string, IpvsStep][] = [
  ['ipvsadm -A -t 198.51.100.10:80 -s rr', { op: 'add-service', service: service(80) }],
  [
    'ipvsadm -A -t 198.51.100.10:443 -s wlc -p 300',
    { op: 'add-service', service: service(443, { scheduler: 'wlc', persistence: 300 }) },
  ],
  ['ipvsadm -A -u 198.51.100.10:7 -s wrr -o', { op: 'add-service', service: echo }],
  ['ipvsadm -A -t [2001:db8::10]:80 -s sh -b sh-fallback,sh-port', { op: 'add-service', service: web6 }],
  [
    'ipvsadm -E -t 198.51.100.10:443 -s sed -p 60',
    { op: 'edit-service', service: service(443, { scheduler: 'sed', persistence: 60 }) },
  ],
  ['ipvsadm --set 900 120 300', { op: 'set-timeouts', timeouts: { tcp: 900, tcpFin: 120, udp: 300 } }],
];

for (const [text, step] of whole) {
  test(`our request is byte for byte that of: ${text}`, () => {
    assert.equal(comparable(message(step), true), comparable(lastRequest(command(text)), true));
  });
}

/**
 * Where the kernel reads only a key, ipvsadm describes the whole thing; and it adds attributes that we leave to the
 * kernel's defaults. So: all that we say, it says too with the same bytes, in whatever order; and what it says beyond that
 * is `extra`.
 */
function sameBut(ours: Uint8Array, theirs: Uint8Array, extra: readonly number[]): void {
  const [mine, golden] = [only(ours).payload, only(theirs).payload];
  assert.equal(mine[0], golden[0], 'the command');
  const nests = (payload: Uint8Array) =>
    new Map(attributeList(payload.subarray(4)).map(([type, hex]) => [type, attributeList(bytesOf(hex))]));
  const [left, right] = [nests(mine), nests(golden)];
  assert.deepEqual([...left.keys()], [...right.keys()]);
  for (const [type, attributes] of left) {
    const others = new Map(right.get(type)!);
    for (const [which, hex] of attributes) {
      assert.equal(hex, others.get(which), `attribute ${which} of nest ${type}`);
      others.delete(which);
    }
    assert.deepEqual([...others.keys()], type === CMD_ATTR.SERVICE ? DESCRIPTION : extra);
  }
}

/** IPVS_SVC_ATTR_SCHED_NAME, FLAGS, TIMEOUT, NETMASK. */
const DESCRIPTION = [6, 7, 8, 9];
/** IPVS_DEST_ATTR_TUN_TYPE, TUN_PORT, TUN_FLAGS: 0 is the default, IPIP without encapsulation. */
const TUNNEL = [13, 14, 15];
/** IPVS_DAEMON_ATTR_MCAST_IFN, SYNC_ID. */
const DAEMON = [2, 3];

const partly: readonly [string, IpvsStep, readonly number[]][] = [
  [
    'ipvsadm -a -t 198.51.100.10:80 -r 192.0.2.11:8080 -m -w 1',
    { op: 'add-destination', service: service(80), destination: server('192.0.2.11', 8080) },
    TUNNEL,
  ],
  [
    'ipvsadm -a -t 198.51.100.10:80 -r 192.0.2.12:8080 -m -w 5 -x 100 -y 50',
    {
      op: 'add-destination',
      service: service(80),
      destination: server('192.0.2.12', 8080, { weight: 5, upper: 100, lower: 50 }),
    },
    TUNNEL,
  ],
  [
    'ipvsadm -a -t 198.51.100.10:443 -r 192.0.2.11:443 -g -w 1',
    {
      op: 'add-destination',
      service: service(443),
      destination: server('192.0.2.11', 443, { forwarding: 'direct' }),
    },
    TUNNEL,
  ],
  [
    'ipvsadm -a -u 198.51.100.10:7 -r 192.0.2.11:7 -m -w 65535',
    { op: 'add-destination', service: echo, destination: server('192.0.2.11', 7, { weight: 65_535 }) },
    TUNNEL,
  ],
  [
    'ipvsadm -a -t [2001:db8::10]:80 -r [2001:db8:1::11]:8080 -m -w 1',
    { op: 'add-destination', service: web6, destination: server('2001:db8:1::11', 8080) },
    TUNNEL,
  ],
  [
    'ipvsadm -e -t 198.51.100.10:80 -r 192.0.2.11:8080 -m -w 0',
    { op: 'edit-destination', service: service(80), destination: server('192.0.2.11', 8080, { weight: 0 }) },
    TUNNEL,
  ],
  [
    'ipvsadm -d -t 198.51.100.10:80 -r 192.0.2.11:8080',
    { op: 'delete-destination', service: service(80), destination: server('192.0.2.11', 8080) },
    [3, 4, ...TUNNEL, 5, 6],
  ],
  ['ipvsadm -D -t [2001:db8::10]:80', { op: 'delete-service', service: web6 }, []],
  [
    'ipvsadm --start-daemon master --mcast-interface eth1 --syncid 7',
    { op: 'start-daemon', daemon: { role: 'master', device: 'eth1', syncId: 7 } },
    [],
  ],
  [
    'ipvsadm --start-daemon backup --mcast-interface eth1 --syncid 7',
    { op: 'start-daemon', daemon: { role: 'backup', device: 'eth1', syncId: 7 } },
    [],
  ],
  [
    'ipvsadm --stop-daemon master',
    { op: 'stop-daemon', daemon: { role: 'master', device: 'eth1', syncId: 7 } },
    DAEMON,
  ],
];

for (const [text, step, extra] of partly) {
  test(`our request says what that of this says: ${text}`, () => {
    sameBut(message(step), lastRequest(command(text)), extra);
  });
}

/** The answers of one IPVS command. */
const replies = (recorded: GoldenCommand, ipvsCommand: number): NetlinkMessage[] =>
  answers(recorded).filter((one) => one.type > 16 && one.payload[0] === ipvsCommand);

test('the kernel’s table reads as ipvsadm -Sn printed it', () => {
  const recorded = command('ipvsadm -Sn');
  const services = replies(recorded, IPVS_CMD.NEW_SERVICE)
    .map((one) => decodeService(decodeGeneric(one).attributes))
    .filter((one): one is ListedService => one !== undefined && !('fwmark' in one));
  const destinations = new Map<string, ObservedDestination[]>();
  const keyOf = (key: ServiceKey): string => `${key.protocol} ${key.address} ${key.port}`;
  let asked = '';
  for (const { to, hex } of recorded.datagrams) {
    for (const one of splitMessages(bytesOf(hex))) {
      if (one.type <= 16) continue;
      const { command: which, attributes } = decodeGeneric(one);
      if (to === 'kernel' && which === IPVS_CMD.GET_DEST) asked = requestedService(attributes.bytes(CMD_ATTR.SERVICE)!);
      if (to === 'user' && which === IPVS_CMD.NEW_DEST) {
        destinations.set(asked, [...(destinations.get(asked) ?? []), decodeDestination(attributes, 0)]);
      }
    }
  }
  const state = {
    services: services.map((one) => ({ ...one, destinations: destinations.get(wireKey(one)) ?? [] })),
    daemons: [],
    timeouts: { tcp: 0, tcpFin: 0, udp: 0 },
  };
  assert.equal(new Set(services.map(keyOf)).size, 4);
  const printed = recorded.stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.includes(' -f '))
    .sort();
  assert.deepEqual(savedAs(state), printed);
  assert.equal(printed.length, 9);
});

/** Family, protocol, address and port as they stand in a request's service nest. */
const requestedService = (nest: Uint8Array): string =>
  attributeList(nest)
    .filter(([type]) => type <= 4)
    .map(([, hex]) => hex)
    .join(' ');

const wireKey = (key: ServiceKey): string =>
  requestedService(
    decodeGeneric(only(message({ op: 'delete-service', service: key }))).attributes.bytes(CMD_ATTR.SERVICE)!,
  );

test('a service by firewall mark is known by its mark', () => {
  const marked = replies(command('ipvsadm -Sn'), IPVS_CMD.NEW_SERVICE)
    .map((one) => decodeService(decodeGeneric(one).attributes))
    .filter((one) => one?.fwmark !== undefined)
    .map((one) => ({ ...one, counters: undefined }));
  const settings = { scheduler: 'rr', schedulerFlags: [], persistence: 60, onePacket: false, counters: undefined };
  assert.deepEqual(marked, [{ ...markedKey(7, 4), ...settings }]);
});

test('the kernel’s timeouts and daemons read as ipvsadm printed them', () => {
  const [config] = replies(command('ipvsadm -Ln --timeout'), IPVS_CMD.SET_CONFIG);
  const { tcp, tcpFin, udp } = decodeTimeouts(decodeGeneric(config!).attributes);
  assert.match(command('ipvsadm -Ln --timeout').stdout, new RegExp(`: ${tcp} ${tcpFin} ${udp}\\b`));
  assert.deepEqual([tcp, tcpFin, udp], [900, 120, 300]);
  const daemons = replies(command('ipvsadm -Ln --daemon'), IPVS_CMD.NEW_DAEMON).map((one) =>
    decodeDaemon(decodeGeneric(one).attributes),
  );
  assert.deepEqual(daemons, [
    { role: 'master', device: 'eth1', syncId: 7 },
    { role: 'backup', device: 'eth1', syncId: 7 },
  ]);
});

test('refusals carry their errno', () => {
  for (const [text, errno] of [
    ['ipvsadm -A -t 198.51.100.10:81 -s nosuch', 2],
    ['ipvsadm -d -t 198.51.100.10:80 -r 192.0.2.99:8080', 2],
  ] as const) {
    const acks = answers(command(text)).filter((one) => one.type === NLMSG_ERROR);
    assert.equal(decodeAck(acks.at(-1)!).errno, errno);
  }
});

test('the family is asked for as ipvsadm asks, and its answer gives the message type', () => {
  const first = command('ipvsadm -A -t 198.51.100.10:80 -s rr');
  const ask = first.datagrams.find(({ to }) => to === 'kernel')!;
  const ours = written((writer) => writeFamilyRequest(writer, 1, 'IPVS'));
  const withoutVersion = (bytes: Uint8Array): string =>
    comparable(Uint8Array.from(bytes, (byte, at) => (at === 17 ? 0 : byte)));
  assert.equal(withoutVersion(ours), withoutVersion(bytesOf(ask.hex)));
  const answer = answers(first).find((one) => one.type === 16)!;
  assert.equal(decodeFamily(answer), only(lastRequest(first)).type);
});
