import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markOf } from '../../../src/model/service.ts';
import { changed, type Draft, faultsOf, warningsOf } from './example.ts';

/** Each change to the example’s first service or its first server, and what is said of it. */
const REFUSED: readonly [what: string, change: (web: Draft, document: Draft) => void, faults: readonly string[]][] = [
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
