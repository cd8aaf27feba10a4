import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ipText } from '../../../../src/codec/ip.ts';
import { IPVS_CMD } from '../../../../src/codec/ipvs/constants.ts';
import { decodeDaemon, decodeTimeouts } from '../../../../src/codec/ipvs/daemon.ts';
import { decodeDestination } from '../../../../src/codec/ipvs/destination.ts';
import { decodeService } from '../../../../src/codec/ipvs/service.ts';
import { stepRequest, writeIpvsRequest } from '../../../../src/codec/ipvs/step.ts';
import { decodeGeneric } from '../../../../src/codec/netlink/genetlink.ts';
import {
  type Destination,
  type IpvsStep,
  markedKey,
  type Service,
  type SyncDaemon,
  type Tunnel,
} from '../../../../src/model/ipvs.ts';
import { ip4, ip6, name, only, record, u16, u32, written } from '../arbitraries.ts';

const address = fc.oneof(ip4, ip6.map(ipText));

const service: fc.Arbitrary<Service> = record({
  protocol: fc.constantFrom('tcp', 'udp', 'sctp'),
  address,
  port: u16,
  scheduler: name,
  schedulerFlags: fc.subarray(['flag-1', 'flag-2', 'flag-3']),
  persistence: u32,
  onePacket: fc.boolean(),
});

const marked: fc.Arbitrary<Service> = fc
  .tuple(service, fc.integer({ min: 1, max: 0xffff_ffff }), fc.constantFrom(4 as const, 6 as const))
  .map(([one, fwmark, family]) => ({ ...withoutMask(one), ...markedKey(fwmark, family) }));

const withoutMask = ({ netmask: _, ...rest }: Service): Service => rest;

/** The kernel tells a netmask only with persistence, and each family has its own form. */
const masked: fc.Arbitrary<Service> = fc
  .tuple(service, fc.integer({ min: 1, max: 127 }), ip4)
  .map(([one, prefix, mask]) =>
    one.persistence === 0 || mask === '255.255.255.255'
      ? one
      : { ...one, netmask: one.address.includes(':') ? String(prefix) : mask, engine: 'sip' },
  );

const tunnel: fc.Arbitrary<Tunnel> = fc.oneof(
  record({ type: fc.constant('gue' as const), port: u16, checksum: fc.constantFrom('none', 'csum', 'remcsum') }),
  record({ type: fc.constant('gre' as const), checksum: fc.constantFrom('none', 'csum') }),
);

const destination: fc.Arbitrary<Destination> = record({
  address,
  port: u16,
  forwarding: fc.constantFrom('masquerade', 'direct', 'tunnel'),
  weight: fc.integer({ min: 0, max: 0x7fff_ffff }),
  upper: u32,
  lower: u32,
});

const tunnelled: fc.Arbitrary<Destination> = fc
  .tuple(destination, tunnel)
  .map(([one, how]) => ({ ...one, forwarding: 'tunnel', tunnel: how }));

const none = { connections: 0, packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0 };

/** What the kernel would see of a step. */
const sent = (step: IpvsStep) =>
  decodeGeneric(only(written((writer) => writeIpvsRequest(writer, 30, 1, stepRequest(step)))));

test('services and destinations read back as written', () => {
  fc.assert(
    fc.property(
      fc.oneof(service, masked, marked),
      fc.oneof(destination, tunnelled),
      fc.boolean(),
      (svc, dest, edit) => {
        const first = sent({ op: edit ? 'edit-service' : 'add-service', service: svc });
        assert.equal(first.command, edit ? IPVS_CMD.SET_SERVICE : IPVS_CMD.NEW_SERVICE);
        assert.deepEqual(decodeService(first.attributes), { ...svc, counters: none });
        const second = sent({ op: edit ? 'edit-destination' : 'add-destination', service: svc, destination: dest });
        assert.equal(second.command, edit ? IPVS_CMD.SET_DEST : IPVS_CMD.NEW_DEST);
        assert.deepEqual(decodeDestination(second.attributes, 0), {
          ...dest,
          active: 0,
          inactive: 0,
          persistent: 0,
          counters: none,
        });
      },
    ),
  );
});

test('daemons and timeouts read back as written', () => {
  const daemon: fc.Arbitrary<SyncDaemon> = record({
    role: fc.constantFrom('master', 'backup'),
    device: name,
    syncId: fc.integer({ min: 0, max: 255 }),
  });
  const seconds = fc.integer({ min: 0, max: 0x7fff_ffff });
  fc.assert(
    fc.property(daemon, record({ tcp: seconds, tcpFin: seconds, udp: seconds }), (one, timeouts) => {
      assert.deepEqual(decodeDaemon(sent({ op: 'start-daemon', daemon: one }).attributes), one);
      assert.equal(sent({ op: 'stop-daemon', daemon: one }).command, IPVS_CMD.DEL_DAEMON);
      assert.deepEqual(decodeTimeouts(sent({ op: 'set-timeouts', timeouts }).attributes), timeouts);
    }),
  );
});

const good: Service = {
  protocol: 'tcp',
  address: '198.51.100.10',
  port: 80,
  scheduler: 'rr',
  schedulerFlags: [],
  persistence: 0,
  onePacket: false,
};
const server: Destination = {
  address: '192.0.2.11',
  port: 8080,
  forwarding: 'masquerade',
  weight: 1,
  upper: 0,
  lower: 0,
};

test('bad input names the field, its value and what would be right', () => {
  const refused: [IpvsStep, RegExp, RegExp][] = [
    [{ op: 'add-service', service: { ...good, address: 'vip' } }, /address is "vip"/, /IPv4 or IPv6/],
    [{ op: 'add-service', service: { ...good, port: 65_536 } }, /port is 65536/, /0 to 65535/],
    [{ op: 'add-service', service: { ...good, scheduler: 'a-name-too-long-for-it' } }, /scheduler is/, /1 to 15/],
    [{ op: 'add-service', service: { ...good, persistence: 1.5 } }, /persistence is 1.5/, /whole number/],
    [
      { op: 'add-destination', service: good, destination: { ...server, weight: -1 } },
      /weight is -1/,
      /0 to 2147483647/,
    ],
    [{ op: 'start-daemon', daemon: { role: 'master', device: '', syncId: 1 } }, /device is ""/, /1 to 15/],
    [{ op: 'start-daemon', daemon: { role: 'master', device: 'eth1', syncId: 256 } }, /syncId is 256/, /0 to 255/],
    [{ op: 'add-service', service: { ...good, netmask: 'wide' } }, /netmask is "wide"/, /a netmask like/],
    [{ op: 'add-service', service: { ...good, address: '2001:db8::1', netmask: '129' } }, /netmask is 129/, /0 to 128/],
    [{ op: 'add-service', service: { ...good, ...markedKey(2 ** 32, 4) } }, /fwmark is 4294967296/, /0 to 4294967295/],
    [
      {
        op: 'add-destination',
        service: good,
        destination: { ...server, forwarding: 'tunnel', tunnel: { type: 'gue', port: 65_536, checksum: 'none' } },
      },
      /tunnel port is 65536/,
      /0 to 65535/,
    ],
    [{ op: 'set-timeouts', timeouts: { tcp: -1, tcpFin: 0, udp: 0 } }, /tcp is -1/, /0 to/],
  ];
  for (const [step, message, remedy] of refused) {
    assert.throws(() => stepRequest(step), { code: 'bad-request', message, remedy });
  }
});
