import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changed, type Draft, faultsOf, warningsOf } from './example.ts';

const faults = (what: string, change: (document: Draft) => void, expected: readonly string[]): void => {
  test(what, () => assert.deepEqual(faultsOf(changed(change)), expected));
};

const warnings = (what: string, change: (document: Draft) => void, expected: readonly string[]): void => {
  test(what, () => assert.deepEqual(warningsOf(changed(change)), expected));
};

faults(
  'both routers share the network of a side',
  (document) => {
    document.nodes.b.private = '192.0.2.3/25';
  },
  ['nodes.b.private: put both routers in one private network, as 192.0.2.0/24 of nodes.a.private'],
);

faults(
  'a float lies in the network of its side and has its prefix or /32',
  (document) => {
    document.floats.public.address = '203.0.113.10/24';
    document.floats.private.address = '192.0.2.1/16';
    document.services = [];
  },
  [
    'floats.public.address: give an address of the routers’ public network, 198.51.100.0/24 of nodes.a.public',
    'floats.private.address: end it with /24, as nodes.a.private does, or with /32',
  ],
);

faults(
  'a heartbeat NIC has an address on both routers, in a network of its own',
  (document) => {
    document.nodes.a.heartbeat = '192.0.2.201/30';
    document.heartbeat.links.push('heartbeat');
  },
  [
    'nodes.b.heartbeat: give router b’s address on the heartbeat NIC, as 169.254.84.1/30',
    'nodes.a.heartbeat: give the heartbeat NIC a network of its own, apart from 192.0.2.0/24 of nodes.a.private',
  ],
);

faults(
  'both heartbeat addresses are in one network',
  (document) => {
    document.nodes.a.heartbeat = '169.254.84.1/30';
    document.nodes.b.heartbeat = '169.254.84.5/30';
  },
  ['nodes.b.heartbeat: put both routers in one heartbeat network, as 169.254.84.0/30 of nodes.a.heartbeat'],
);

faults(
  'a heartbeat link needs both addresses',
  (document) => {
    document.heartbeat.links = ['serial', 'heartbeat'];
  },
  [
    'nodes.a.heartbeat: give router a’s address on the heartbeat NIC, as 169.254.84.1/30',
    'nodes.b.heartbeat: give router b’s address on the heartbeat NIC, as 169.254.84.1/30',
  ],
);

faults(
  'a float with /32 is right',
  (document) => {
    document.floats.public.address = '198.51.100.10/32';
  },
  [],
);

faults(
  'network and broadcast addresses are nobody’s',
  (document) => {
    document.floats.public.address = '198.51.100.255/24';
    document.nodes.a.private = '192.0.2.0/24';
  },
  [
    'floats.public.address: give a host’s address, not the network’s own or its broadcast address',
    'nodes.a.private: give a host’s address, not the network’s own or its broadcast address',
  ],
);

faults(
  'nobody has an address twice',
  (document) => {
    document.nodes.b.public = document.nodes.a.public;
    document.floats.private.address = '192.0.2.3/24';
  },
  [
    'nodes.b.public: give another address: nodes.a.public has this one',
    'floats.private.address: give another address: nodes.b.private has this one',
  ],
);

faults(
  'the gateway is another machine in the public network',
  (document) => {
    document.gateway = '192.0.2.254';
  },
  ['gateway: give an address of the public network, 198.51.100.0/24 of nodes.a.public'],
);

faults(
  'the gateway is not one of us',
  (document) => {
    document.gateway = '198.51.100.10';
  },
  ['gateway: give the upstream router’s address: floats.public.address has this one'],
);

faults(
  'the two sides are apart',
  (document) => {
    document.nodes.a.private = '198.51.100.130/25';
    document.nodes.b.private = '198.51.100.131/25';
    document.floats.private.address = '198.51.100.129/25';
  },
  ['nodes.a.private: give the private side a network of its own, apart from 198.51.100.0/24 of nodes.a.public'],
);

faults(
  'the deadline is three intervals at least',
  (document) => {
    document.heartbeat.deadline_ms = 35;
  },
  ['heartbeat.deadline_ms: give at least 36, three intervals: one lost beat must not look like a dead twin'],
);

faults(
  'three intervals are enough',
  (document) => {
    document.heartbeat.deadline_ms = 36;
  },
  [],
);

faults(
  'a slow line takes fewer beats',
  (document) => {
    document.heartbeat.serial_baud = 57600;
    document.heartbeat.interval_ms = 20;
    document.heartbeat.deadline_ms = 100;
  },
  [
    'heartbeat.interval_ms: beats would use 65 % of the line at 57600 bit/s: give at least 22 ms, or a faster serial_baud',
  ],
);

faults(
  'the interval that the remedy names is right',
  (document) => {
    document.heartbeat.serial_baud = 57600;
    document.heartbeat.interval_ms = 22;
    document.heartbeat.deadline_ms = 66;
  },
  [],
);

faults(
  'a slow line that is no link does not matter',
  (document) => {
    document.heartbeat.serial_baud = 9600;
    document.heartbeat.links = ['private', 'public'];
  },
  [],
);

faults(
  'links are named once each',
  (document) => {
    document.heartbeat.links = ['serial', 'private', 'serial'];
  },
  ['heartbeat.links[2]: name each link once'],
);

faults(
  'there is a link',
  (document) => {
    document.heartbeat.links = [];
  },
  ['heartbeat.links: give at least one of: serial, heartbeat, private, public'],
);

warnings(
  'the serial line alone is allowed, and what follows is said',
  (document) => {
    document.heartbeat.links = ['serial'];
  },
  [
    'heartbeat.links: is the only link: when it is cut, the standby raises the alarm peer-silent-floats-answer and nobody moves until the floats fall silent; name a second link',
  ],
);

faults(
  'names, and protocol with port, are unique among services; keys and names among a service’s servers',
  (document) => {
    document.services[2].name = 'web';
    document.services[2].port = 80;
    document.services[0].servers[1].address = '192.0.2.11';
    document.services[0].servers[2].name = 's2';
  },
  [
    'services[0].servers[1].address: is the same server as services[0].servers[0]; remove one of them',
    'services[0].servers[2].name: give another name: services[0].servers[1].name is the same',
    'services[2].name: give another name: services[0].name is the same',
    'services[2].port: give another port: services[0].port has tcp 80 of the same VIP',
  ],
);

faults(
  'one port may serve both protocols, and one server several ports',
  (document) => {
    document.services[1].port = 80;
    document.services[1].servers = [
      { name: 'one', address: '192.0.2.11', port: 1 },
      { name: 'two', address: '192.0.2.11', port: 2 },
    ];
  },
  [],
);

faults(
  'a service stands on the public float',
  (document) => {
    document.services[0].address = '198.51.100.11';
    document.services[1].address = '198.51.100.10';
  },
  [
    'services[0].address: give the public float 198.51.100.10, or leave this field out: no float carries this address of 198.51.100.0/24 (nodes.a.public)',
  ],
);

faults(
  'a router is not its own real server',
  (document) => {
    document.services[0].servers[0].address = '192.0.2.1';
    document.services[0].servers[1].address = '192.0.2.3';
  },
  [
    'services[0].servers[0].address: give the real server’s own address: floats.private.address has this one',
    'services[0].servers[1].address: give the real server’s own address: nodes.b.private has this one',
  ],
);

warnings(
  'a masqueraded server elsewhere may be routed, so it is a warning',
  (document) => {
    document.services[0].servers[0].address = '203.0.113.80';
  },
  [
    'services[0].servers[0].address: lies outside the private network 192.0.2.0/24: make sure its replies come back through the private float, or clients get no answer',
    'services[1].servers[0].name: also names 203.0.113.80, services[0].servers[0]: alarms will not tell the two apart; give another name',
    'services[2].servers[0].name: also names 203.0.113.80, services[0].servers[0]: alarms will not tell the two apart; give another name',
  ],
);

faults(
  'direct routing and tunnels keep the port; direct routing needs the wire',
  (document) => {
    document.services[0].servers[0].forwarding = 'direct';
    document.services[0].servers[1] = { name: 's2', address: '203.0.113.12', forwarding: 'direct' };
    document.services[0].servers[2] = { name: 's3', address: '203.0.113.13', forwarding: 'tunnel' };
  },
  [
    'services[0].servers[0].port: give 80, as services[0].port: direct forwarding leaves the packet’s port as it is',
    'services[0].servers[1].address: give an address in 192.0.2.0/24 or 198.51.100.0/24: direct forwarding reaches only a server on the same wire',
  ],
);

faults(
  'one packet is for UDP; a check ends before the next begins',
  (document) => {
    document.services[0].one_packet = true;
    document.services[1].one_packet = true;
    document.services[0].check.timeout_ms = 1001;
  },
  [
    'services[0].one_packet: give false: only UDP can be scheduled packet by packet',
    'services[0].check.timeout_ms: give at most the interval, 1000 ms',
  ],
);

warnings(
  'what is allowed and probably not meant is said',
  (document) => {
    document.services[0].servers = [];
    document.services[1].check = { type: 'tcp' };
    for (const server of document.services[2].servers) server.weight = 0;
  },
  [
    'services[0].servers: name at least one real server, or every client is refused',
    'services[1].check.type: connects by TCP to the UDP port: a server that speaks only UDP there counts as down; give check.port',
    'services[2].servers: give one server a weight above 0, or new clients are refused',
  ],
);

faults(
  'only IPv4 addresses of hosts, written plainly',
  (document) => {
    document.gateway = '198.51.100.01';
    document.nodes.a.public = '2001:db8::2/64';
    document.nodes.b.public = '224.0.0.1/24';
    document.floats.public.address = '198.51.100.10';
    document.services = [];
  },
  [
    'floats.public.address: give an IPv4 address with the length of its network, like 192.0.2.1/24',
    'nodes.a.public: give an IPv4 address with the length of its network, like 192.0.2.1/24',
    'nodes.b.public: give an IPv4 address with the length of its network, like 192.0.2.1/24',
    'gateway: give the IPv4 address of a host as four numbers, like 192.0.2.11',
  ],
);

faults(
  'a sorry server is none of the servers and none of this pair’s, and a quorum needs one',
  (document) => {
    const [web, other] = document.services;
    web.sorry_server = { address: web.servers[0].address, port: web.servers[0].port };
    web.quorum = 2;
    web.quorum_hysteresis = 2;
    other.quorum = 1;
  },
  [
    'services[0].quorum_hysteresis: give less than the quorum, 2: or it is lost only with the last server',
    'services[0].sorry_server.address: give one that is not among the real servers: services[0].servers[0] is the same',
    'services[1].quorum: leave it out, or name a sorry_server: without one every live server is used',
  ],
);

warnings(
  'a slow start of weights that have no tenths is said',
  (document) => {
    document.services[0].slow_start_s = 60;
  },
  ['services[0].slow_start_s: has no effect on weights this small: give weights from 10 on, whose tenths are whole'],
);

const SORRY = { address: '192.0.2.99', port: 8080 };

warnings(
  'a quorum that all servers together do not make is said',
  (document) => {
    Object.assign(document.services[0], { sorry_server: SORRY, quorum: 40 });
  },
  [
    'services[0].quorum: is more than the 3 that all servers make together: give at most 3, or clients always get the sorry server',
  ],
);

warnings(
  'a quorum that is never had again once it was lost is said',
  (document) => {
    Object.assign(document.services[0], { sorry_server: SORRY, quorum: 3, quorum_hysteresis: 1 });
  },
  [
    'services[0].quorum_hysteresis: with the quorum, 3, is more than the 3 that all servers make together: give at most 0, or a quorum that was lost once never comes back',
  ],
);

warnings(
  'a quorum that all servers just make is well',
  (document) => {
    Object.assign(document.services[0], { sorry_server: SORRY, quorum: 2, quorum_hysteresis: 1 });
  },
  [],
);
