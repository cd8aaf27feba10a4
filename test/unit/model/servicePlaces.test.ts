import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MARKS, markOf } from '../../../src/model/service.ts';
import { changed, type Draft, faultsOf } from './example.ts';

/** Each change to the example’s first service or its first server, and what is said of it. */
const REFUSED: readonly [what: string, change: (web: Draft, document: Draft) => void, faults: readonly string[]][] = [
  [
    'an unknown protocol',
    (web) => {
      web.protocol = 'icmp';
    },
    ['services[0].protocol: give one of: tcp, udp, sctp'],
  ],
  [
    'address and addresses, port and ports',
    (web) => {
      web.address = '198.51.100.10';
      web.addresses = ['198.51.100.10'];
      web.ports = [81];
      for (const server of web.servers) delete server.port;
    },
    ['services[0].addresses: give address or addresses, not both', 'services[0].ports: give port or ports, not both'],
  ],
  [
    'no port at all',
    (web) => {
      delete web.port;
    },
    ['services[0].port: is missing: give port, ports or fwmark'],
  ],
  [
    'a port that is none',
    (web) => {
      delete web.port;
      web.ports = [0, '8100-8000', '80-70000', 1.5, 'http', true];
    },
    [0, 1, 2, 3, 4, 5].map(
      (index) =>
        `services[0].ports[${index}]: give a port from 1 to 65535, or a range like "8000-8100" with the lower port first`,
    ),
  ],
  [
    'an empty list, and too long a one',
    (web) => {
      web.ports = [];
      web.addresses = Array.from({ length: 65 }, () => '198.51.100.10');
    },
    [
      'services[0].addresses: give at most 64 addresses',
      'services[0].ports: give at least one of the ports and port ranges, or leave this field out',
    ],
  ],
  [
    'addresses of both families',
    (web) => {
      delete web.port;
      web.ports = [80, 443];
      web.addresses = ['198.51.100.10', '2001:db8::10'];
      for (const server of web.servers) delete server.port;
    },
    ['services[0].addresses[1]: give addresses of one family, as 198.51.100.10 is, and a second service for the other'],
  ],
  [
    'a mark beside addresses and ports',
    (web) => {
      web.fwmark = 7;
      web.addresses = ['198.51.100.10'];
      web.check = { type: 'none' };
      for (const server of web.servers) delete server.port;
    },
    [
      'services[0].addresses: leave this field out: fwmark says which packets are meant',
      'services[0].port: leave this field out: fwmark says which packets are meant',
    ],
  ],
  [
    'a mark that is given out by name',
    (web) => {
      delete web.port;
      web.fwmark = MARKS.first;
      web.check = { type: 'none' };
    },
    [
      'services[0].fwmark: give another mark: 1409286144 to 1426063359 are given to services with several addresses or ports',
    ],
  ],
  [
    'a mark out of range',
    (web) => {
      delete web.port;
      web.fwmark = 0;
    },
    ['services[0].fwmark: give a whole number from 1 to 4294967295'],
  ],
  [
    'a mark that another service has',
    (web, document) => {
      for (const service of [web, document.services[1]]) {
        delete service.port;
        service.fwmark = 7;
        service.check = { type: 'none' };
      }
    },
    ['services[1].fwmark: give another mark: services[0].fwmark is the same'],
  ],
  [
    'a family without a mark',
    (web) => {
      web.family = 'ipv6';
    },
    ['services[0].family: leave this field out: it is for fwmark, addresses have their own'],
  ],
  [
    'a check that has no port to go to',
    (web) => {
      delete web.port;
      web.fwmark = 7;
      web.check = { type: 'tcp' };
    },
    ['services[0].check.port: is missing: a firewall mark does not say which port to check'],
  ],
  [
    'a range over another service’s port',
    (_web, document) => {
      delete document.services[2].port;
      document.services[2].ports = [22, '70-90'];
    },
    ['services[2].ports[1]: give another port: services[0].port has tcp 80 of the same VIP'],
  ],
  [
    'overlapping ranges in one service and between two, both places named',
    (web, document) => {
      delete web.port;
      web.ports = ['8000-8100', 8050];
      for (const server of web.servers) delete server.port;
      document.services[2].port = 8100;
    },
    [
      'services[0].ports[1]: give another port: services[0].ports[0] has tcp 8000-8100 of the same VIP',
      'services[2].port: give another port: services[0].ports[0] has tcp 8000-8100 of the same VIP',
    ],
  ],
  [
    'a VIP of the public network that no float carries, among several',
    (web) => {
      web.addresses = ['198.51.100.10', '198.51.100.77'];
      delete web.address;
    },
    [
      'services[0].addresses[1]: give the public float 198.51.100.10, or leave this field out: no float carries this address of 198.51.100.0/24 (nodes.a.public)',
    ],
  ],
];

for (const [what, change, expected] of REFUSED) {
  test(`refused: ${what}`, () => {
    assert.deepEqual(faultsOf(changed((document) => change(document.services[0], document))), expected);
  });
}

test('two names with one firewall mark are refused, and both services are named', () => {
  // Found by trying: 24 bits of a hash meet after some thousands of names.
  const seen = new Map<number, string>();
  let pair: readonly [string, string] | undefined;
  for (let number = 0; pair === undefined; number += 1) {
    const name = `s${number}`;
    const first = seen.get(markOf(name));
    if (first === undefined) seen.set(markOf(name), name);
    else pair = [first, name];
  }
  const parsed = changed((document) => {
    document.services = pair.map((name, index) => ({
      name,
      protocol: 'tcp',
      ports: [80 + index, 443 + index],
      servers: [{ name: 'one', address: '192.0.2.11' }],
    }));
  });
  assert.deepEqual(faultsOf(parsed), [
    `services[1].name: give another name: its firewall mark ${markOf(pair[0])} is that of services[0].name`,
  ]);
});

test('a mark is made of the name alone and lies in its range', () => {
  const marks = ['web', 'echo', 'a', 'x'.repeat(32)].map(markOf);
  // The twin of another release must make the same one.
  assert.equal(markOf('shop'), 1_413_996_545);
  for (const mark of marks) assert.ok(mark >= MARKS.first && mark <= MARKS.last);
  const before = changed((document) => {
    document.services[0] = { ...document.services[0], port: undefined, ports: [80, 443], servers: [] };
  });
  const after = changed((document) => {
    const web = { ...document.services[0], port: undefined, ports: [80, '443-450'], servers: [] };
    document.services = [document.services[2], web];
  });
  assert.ok(before.ok && after.ok);
  assert.equal(before.document.services[0]!.mark, marks[0]);
  assert.equal(after.document.services[1]!.mark, marks[0]);
});
