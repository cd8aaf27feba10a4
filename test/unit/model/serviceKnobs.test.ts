import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MARKS, markOf } from '../../../src/model/service.ts';
import { changed, type Draft, faultsOf, warningsOf } from './example.ts';

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
  [
    'scheduler flags of another scheduler, and unknown ones',
    (web) => {
      web.scheduler = 'sh';
      web.scheduler_flags = ['sh-port', 'mh-port'];
    },
    ['services[0].scheduler_flags[1]: give scheduler: mh, or leave this flag out: sh does not know it'],
  ],
  [
    'an unknown scheduler flag',
    (web) => {
      web.scheduler_flags = ['sh-fallbak'];
    },
    [
      'services[0].scheduler_flags[0]: give one of: sh-fallback, sh-port, mh-fallback, mh-port; did you mean "sh-fallback"?',
    ],
  ],
  [
    'a netmask with holes',
    (web) => {
      web.persistence_s = 60;
      web.persistence_netmask = '255.0.255.0';
    },
    ['services[0].persistence_netmask: give a netmask like 255.255.255.0, or for IPv6 a prefix length from 1 to 128'],
  ],
  [
    'a netmask without persistence',
    (web) => {
      web.persistence_netmask = '255.255.255.0';
    },
    ['services[0].persistence_netmask: give persistence_s above 0, or leave this field out'],
  ],
  [
    'a prefix length for IPv4',
    (web) => {
      web.persistence_s = 60;
      web.persistence_netmask = 24;
    },
    ['services[0].persistence_netmask: give a netmask like 255.255.255.0: the service is IPv4'],
  ],
  [
    'a dotted netmask for IPv6, and IPv4 servers',
    (web) => {
      web.address = '2001:db8::10';
      web.persistence_s = 60;
      web.persistence_netmask = '255.255.255.0';
      web.servers.length = 1;
    },
    [
      'services[0].persistence_netmask: give a prefix length from 1 to 128: the service is IPv6',
      'services[0].servers[0].address: give an IPv6 address, as web has: masquerade forwarding keeps the family',
    ],
  ],
  [
    'a tunnel to another family',
    (web) => {
      web.servers = [{ name: 's1', address: '2001:db8:1::11', forwarding: 'tunnel' }];
    },
    [
      'services[0].servers[0].address: give an IPv4 address, as web has: a tunnel of another family has no connection sync, so its connections would end with a failover',
    ],
  ],
  [
    'the sip engine for TCP',
    (web) => {
      web.persistence_s = 60;
      web.persistence_engine = 'sip';
    },
    ['services[0].persistence_engine: leave this field out: sip is for UDP only'],
  ],
  [
    'the sip engine without persistence',
    (_web, document) => {
      document.services[1].persistence_engine = 'sip';
    },
    ['services[1].persistence_engine: give persistence_s above 0'],
  ],
  [
    'one packet for SCTP',
    (web) => {
      web.protocol = 'sctp';
      web.check = { type: 'none' };
      web.one_packet = true;
    },
    ['services[0].one_packet: give false: only UDP can be scheduled packet by packet'],
  ],
  [
    'thresholds the wrong way round',
    (web) => {
      Object.assign(web.servers[0], { u_threshold: 10, l_threshold: 11 });
      Object.assign(web.servers[1], { l_threshold: 1 });
      Object.assign(web.servers[2], { u_threshold: -1 });
    },
    [
      'services[0].servers[2].u_threshold: give a whole number from 0 to 2147483647 (connections)',
      'services[0].servers[0].l_threshold: give at most 10, the upper threshold',
      'services[0].servers[1].l_threshold: give u_threshold too: without an upper threshold there is no lower one',
    ],
  ],
  [
    'a tunnel’s fields without a tunnel',
    (web) => {
      Object.assign(web.servers[0], { tun_type: 'gue', tun_port: 6080, tun_csum: 'csum' });
    },
    ['tun_type', 'tun_port', 'tun_csum'].map(
      (field) =>
        `services[0].servers[0].${field}: give forwarding: tunnel, or leave this field out: masquerade forwarding has no tunnel`,
    ),
  ],
  [
    'tunnels that lack something or have too much',
    (web) => {
      web.servers = [
        { name: 's1', address: '192.0.2.11', forwarding: 'tunnel', tun_type: 'gue' },
        { name: 's2', address: '192.0.2.12', forwarding: 'tunnel', tun_port: 6080 },
        { name: 's3', address: '192.0.2.13', forwarding: 'tunnel', tun_csum: 'csum' },
        { name: 's4', address: '192.0.2.14', forwarding: 'tunnel', tun_type: 'gre', tun_csum: 'remcsum' },
      ];
    },
    [
      'services[0].servers[0].tun_port: give the UDP port of the server’s GUE tunnel, like 6080',
      'services[0].servers[1].tun_port: give tun_type: gue, or leave this field out',
      'services[0].servers[2].tun_csum: give tun_type: gue or gre, or leave this field out',
      'services[0].servers[3].tun_csum: give none or csum: remcsum is for gue only',
    ],
  ],
  [
    'a server’s own port where the mark or persistence keeps the client’s',
    (web) => {
      delete web.port;
      web.ports = [80, 443];
      web.persistence_s = 60;
      web.servers.length = 2;
      web.servers[1].forwarding = 'direct';
    },
    [
      'services[0].servers[0].port: leave this field out: web goes by a firewall mark, and with persistence the kernel keeps the client’s port',
      'services[0].servers[1].port: leave this field out: web goes by a firewall mark, and direct forwarding leaves the packet’s port as it is',
    ],
  ],
  [
    'timeouts of nothing',
    (_web, document) => {
      document.timeouts = { tcp_s: 0, udp_s: 2_592_001 };
    },
    [
      'timeouts.tcp_s: give a whole number from 1 to 2592000 (s)',
      'timeouts.udp_s: give a whole number from 1 to 2592000 (s)',
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

test('every knob together is sound; a VIP elsewhere is a warning', () => {
  const parsed = changed((document) => {
    document.timeouts = { tcp_s: 600 };
    document.services = [
      {
        name: 'web',
        protocol: 'tcp',
        ports: [80, 443, '8000-8100'],
        persistence_s: 300,
        persistence_netmask: '255.255.255.0',
        scheduler: 'sh',
        scheduler_flags: ['sh-fallback', 'sh-port'],
        servers: [{ name: 's1', address: '192.0.2.11', u_threshold: 100, l_threshold: 50 }],
      },
      { name: 'm3ua', protocol: 'sctp', port: 2905, servers: [{ name: 's1', address: '192.0.2.11' }] },
      {
        name: 'sip',
        protocol: 'udp',
        port: 5060,
        one_packet: true,
        persistence_s: 60,
        persistence_engine: 'sip',
        servers: [{ name: 's1', address: '192.0.2.11', forwarding: 'tunnel', tun_type: 'gue', tun_port: 6080 }],
      },
      { name: 'own', protocol: 'tcp', fwmark: 7, family: 'ipv6', servers: [{ name: 's6', address: '2001:db8:1::11' }] },
      {
        name: 'six',
        protocol: 'tcp',
        address: '2001:DB8:0::10',
        port: 80,
        persistence_s: 60,
        persistence_netmask: 64,
        servers: [{ name: 's6', address: '2001:db8:1::11' }],
      },
    ];
  });
  assert.deepEqual(warningsOf(parsed), [
    'services[4].address: is no float: it works only when the upstream router routes it to 198.51.100.10 and both routers take it for their own (ip route add local 2001:db8::10 dev lo)',
  ]);
  assert.ok(parsed.ok);
  const [web, sctp, sip, own, six] = parsed.document.services;
  assert.deepEqual([web!.mark, web!.port, web!.servers[0]!.port], [markOf('web'), 0, 0]);
  assert.deepEqual([web!.check.type, 'port' in web!.check && web!.check.port], ['tcp', 80]);
  assert.deepEqual(
    [sctp!.check.type, sip!.check.type, own!.check.type, six!.check.type],
    ['none', 'none', 'none', 'tcp'],
  );
  assert.deepEqual([own!.mark, own!.address], [7, '::']);
  assert.equal(six!.address, '2001:db8::10');
});

test('a document that says nothing of the knobs says nothing of them when its defaults are filled', () => {
  const parsed = changed(() => {});
  assert.ok(parsed.ok);
  const [web] = parsed.document.services;
  assert.deepEqual(Object.keys(web!).sort(), [
    ...['address', 'check', 'name', 'one_packet', 'persistence_s', 'port', 'protocol', 'scheduler', 'servers'],
  ]);
  assert.deepEqual(Object.keys(web!.servers[0]!).sort(), ['address', 'forwarding', 'name', 'port', 'weight']);
});
