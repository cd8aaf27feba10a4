import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changed, type Draft, warningsOf } from './example.ts';

/** Two places of a document that cannot both be right: the fault stands at one of them and names the other. */

const SIX = {
  floats: { public: '2001:db8::10/64', private: '2001:db8:1::1/64' },
  a: { public6: '2001:db8::2/64', private6: '2001:db8:1::2/64' },
  b: { public6: '2001:db8::3/64', private6: '2001:db8:1::3/64' },
};

const withIpv6 = (document: Draft): void => {
  for (const side of ['public', 'private'] as const) document.floats[side].address6 = SIX.floats[side];
  Object.assign(document.nodes.a, SIX.a);
  Object.assign(document.nodes.b, SIX.b);
};

const byMark = (service: Draft, mark: number): void => {
  delete service.port;
  Object.assign(service, { fwmark: mark, check: { type: 'none' } });
};

/** What conflicts; what makes it so; where the fault stands; which other place its remedy names. */
const CONFLICTS: readonly (readonly [string, (document: Draft) => void, string, string])[] = [
  [
    'two services on one address, port and protocol',
    ({ services }) => Object.assign(services[2], { port: 80 }),
    'services[2].port',
    'services[0].port',
  ],
  [
    'two services on one of several addresses',
    ({ services }) => {
      Object.assign(services[0], { addresses: ['203.0.113.7', '203.0.113.8'] });
      Object.assign(services[2], { address: '203.0.113.8', port: 80 });
      for (const server of services[0].servers) delete server.port;
    },
    'services[2].port',
    'services[0].port',
  ],
  [
    'overlapping port ranges',
    ({ services }) => {
      for (const [index, range] of [
        [0, '8000-8100'],
        [2, '8100-8200'],
      ] as const) {
        delete services[index].port;
        services[index].ports = [22 + index, range];
      }
    },
    'services[2].ports[1]',
    'services[0].ports[1]',
  ],
  [
    'one firewall mark',
    ({ services }) => [0, 2].forEach((index) => void byMark(services[index], 7)),
    'services[2].fwmark',
    'services[0].fwmark',
  ],
  ['one name for two services', ({ services }) => (services[2].name = 'web'), 'services[2].name', 'services[0].name'],
  [
    'one name for two servers',
    ({ services }) => (services[0].servers[2].name = 's1'),
    'services[0].servers[2].name',
    'services[0].servers[0].name',
  ],
  [
    'one server twice',
    ({ services }) => (services[0].servers[2].address = '192.0.2.11'),
    'services[0].servers[2].address',
    'services[0].servers[0]',
  ],
  [
    'a sorry server that is one of the servers',
    ({ services }) => (services[0].sorry_server = { ...services[0].servers[1], name: undefined, weight: undefined }),
    'services[0].sorry_server.address',
    'services[0].servers[1]',
  ],
  [
    'a sorry server that is a router',
    ({ services }) => (services[0].sorry_server = { address: '192.0.2.3' }),
    'services[0].sorry_server.address',
    'nodes.b.private',
  ],
  [
    'a sorry server of direct routing with another port',
    ({ services }) => (services[0].sorry_server = { address: '192.0.2.99', port: 81, forwarding: 'direct' }),
    'services[0].sorry_server.port',
    'services[0].port',
  ],
  ...(['direct', 'tunnel'] as const).map(
    (forwarding) =>
      [
        `a ${forwarding} server with another port`,
        ({ services }: Draft) => Object.assign(services[0].servers[1], { forwarding, port: 8080 }),
        'services[0].servers[1].port',
        'services[0].port',
      ] as const,
  ),
  [
    'a server that has a routed VIP',
    ({ services }) => {
      services[2].address = '192.0.3.1';
      services[0].servers[0].address = '192.0.3.1';
    },
    'services[0].servers[0].address',
    'services[2].address',
  ],
  [
    'a server that is a router',
    ({ services }) => (services[0].servers[0].address = '192.0.2.2'),
    'services[0].servers[0].address',
    'nodes.a.private',
  ],
  [
    'a VIP that no float carries',
    ({ services }) => (services[0].address = '198.51.100.77'),
    'services[0].address',
    'nodes.a.public',
  ],
  [
    'a VIP of the private network that no float carries',
    ({ services }) => (services[0].address = '192.0.2.77'),
    'services[0].address',
    'nodes.a.private',
  ],
  [
    'a VIP that is one router’s own',
    ({ services }) => (services[0].address = '198.51.100.3'),
    'services[0].address',
    'nodes.b.public',
  ],
  [
    'a VIP of IPv6 that no float carries',
    (document) => {
      withIpv6(document);
      Object.assign(document.services[0], { address: '2001:db8::77', servers: [] });
    },
    'services[0].address',
    'nodes.a.public6',
  ],
  ['routers apart', ({ nodes }) => (nodes.b.public = '198.51.101.3/24'), 'nodes.b.public', 'nodes.a.public'],
  [
    'a float outside its network',
    ({ floats }) => (floats.private.address = '192.0.3.1/24'),
    'floats.private.address',
    'nodes.a.private',
  ],
  [
    'a float of another length',
    ({ floats }) => (floats.private.address = '192.0.2.1/25'),
    'floats.private.address',
    'nodes.a.private',
  ],
  [
    'a router’s address that is a float',
    ({ floats }) => (floats.public.address = '198.51.100.2/24'),
    'floats.public.address',
    'nodes.a.public',
  ],
  [
    'one address for both routers',
    ({ nodes }) => (nodes.b.private = '192.0.2.2/24'),
    'nodes.b.private',
    'nodes.a.private',
  ],
  [
    'a float of IPv6 without a router’s own address',
    (document) => {
      withIpv6(document);
      delete document.nodes.b.private6;
    },
    'nodes.b.private6',
    'floats.private.address6',
  ],
  [
    'networks of both sides that overlap',
    ({ floats, nodes }) => {
      floats.private.address = '198.51.100.129/25';
      nodes.a.private = '198.51.100.130/25';
      nodes.b.private = '198.51.100.131/25';
    },
    'nodes.a.private',
    'nodes.a.public',
  ],
  [
    'networks of IPv6 that overlap',
    (document) => {
      withIpv6(document);
      document.floats.private.address6 = '2001:db8::f1/124';
      document.nodes.a.private6 = '2001:db8::f2/124';
      document.nodes.b.private6 = '2001:db8::f3/124';
    },
    'nodes.a.private6',
    'nodes.a.public6',
  ],
  ...(['public', 'private'] as const).map(
    (side) =>
      [
        `a heartbeat network within the ${side} one`,
        ({ nodes }: Draft) => {
          const start = nodes.a[side].split('.').slice(0, 3).join('.');
          nodes.a.heartbeat = `${start}.201/30`;
          nodes.b.heartbeat = `${start}.202/30`;
        },
        'nodes.a.heartbeat',
        `nodes.a.${side}`,
      ] as const,
  ),
  [
    'heartbeat addresses apart',
    ({ nodes }) => {
      nodes.a.heartbeat = '169.254.84.1/30';
      nodes.b.heartbeat = '169.254.84.5/30';
    },
    'nodes.b.heartbeat',
    'nodes.a.heartbeat',
  ],
  ['a gateway elsewhere', (document) => (document.gateway = '203.0.113.1'), 'gateway', 'nodes.a.public'],
  ['a gateway that is a float', (document) => (document.gateway = '198.51.100.10'), 'gateway', 'floats.public.address'],
];

for (const [what, make, path, other] of CONFLICTS) {
  test(`refused with both places named: ${what}`, () => {
    const parsed = changed(make);
    assert.ok(!parsed.ok, 'it is accepted');
    const found = parsed.faults.filter((fault) => fault.path === path);
    assert.ok(
      found.some(({ remedy }) =>
        new RegExp(`(^|[^\\w.])${other.replaceAll(/[.[\]]/g, '\\$&')}(?![\\w.[])`).test(remedy),
      ),
      `${path} … ${other} is not in: ${JSON.stringify(parsed.faults, null, 1)}`,
    );
  });
}

for (const side of ['public', 'private'] as const) {
  test(`a ${side} float that is missing is asked for`, () => {
    const parsed = changed(({ floats }) => delete floats[side]);
    assert.ok(!parsed.ok);
    assert.deepEqual(parsed.faults[0], {
      path: `floats.${side}`,
      value: '(missing)',
      remedy: 'is missing: give a mapping with the fields address, address6, device',
    });
  });
}

test('the private float may be a VIP too', () => {
  const parsed = changed(({ services }) => (services[0].address = '192.0.2.1'));
  assert.deepEqual(warningsOf(parsed), []);
});
