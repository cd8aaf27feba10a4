import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changed, type Draft, faultsOf, warningsOf } from './example.ts';

const refused = (change: (document: Draft) => void): string => faultsOf(changed(change)).join('\n');

const allow = (...from: string[]) => ({ allow: [{ protocol: 'tcp', ports: [22], from }] });

test('a firewall needs nothing said', () => {
  assert.equal(
    refused((document) => Object.assign(document, { firewall: {} })),
    '',
  );
});

test('networks that share addresses, and both families in one entry, are refused where they stand', () => {
  assert.match(
    refused((document) => Object.assign(document, { firewall: allow('10.0.0.0/8', '10.1.0.0/16') })),
    /^firewall\.allow\[0\]\.from\[1\]: leave it out, or firewall\.allow\[0\]\.from\[0\]: they share addresses$/,
  );
  assert.match(
    refused((document) => Object.assign(document, { firewall: allow('10.0.0.0/8', '2001:db8::/32') })),
    /^firewall\.allow\[0\]\.from\[1\]: give networks of one family/,
  );
  assert.match(
    refused((document) =>
      Object.assign(document, {
        firewall: { allow: [{ protocol: 'udp', ports: ['8000-8100', 8050], from: ['10.0.0.1/32'] }] },
      }),
    ),
    /^firewall\.allow\[0\]\.ports\[1\]: leave it out, or firewall\.allow\[0\]\.ports\[0\]: they share ports$/,
  );
});

test('outbound from the public side is refused, from beyond the private side it is a warning', () => {
  assert.match(
    refused((document) => Object.assign(document, { outbound: { from: ['198.51.100.0/25'] } })),
    /^outbound\.from\[0\]: give a network of real servers: 198\.51\.100\.0\/24 is the public side/,
  );
  const beyond = changed((document) => Object.assign(document, { outbound: { from: ['192.0.2.0/24', '10.0.0.0/8'] } }));
  assert.match(
    warningsOf(beyond).join('\n'),
    /^outbound\.from\[1\]: lies outside the private network 192\.0\.2\.0\/24/m,
  );
});

test('outbound takes no ports that a service has at the public float', () => {
  for (const [ports, right] of [
    ['80-90', /^outbound\.ports: give a range within 1024-65535/],
    ['9000-8000', /^outbound\.ports: give a range within 1024-65535/],
    ['61000-70000', /^outbound\.ports: give a range within 1024-65535/],
  ] as const) {
    assert.match(
      refused((document) => Object.assign(document, { outbound: { from: ['192.0.2.0/24'], ports } })),
      right,
    );
  }
  const clash = (document: Draft): void => {
    delete document.services[0].port;
    document.services[0].ports = [80, '62000-62100'];
    document.outbound = { from: ['192.0.2.0/24'] };
  };
  assert.match(
    refused(clash),
    /^outbound\.ports: give a range apart from services\[0\]\.ports\[1\]: answers would go to that service’s servers$/,
  );
});

test('outbound over IPv6 needs the public float’s IPv6 address, and somebody has to be named', () => {
  assert.match(
    refused((document) => Object.assign(document, { outbound: {} })),
    /^outbound: name who may reach out: give `from`, `from6`, or both$/m,
  );
  assert.match(
    refused((document) => Object.assign(document, { outbound: { from6: ['2001:db8:1::/64'] } })),
    /^outbound\.from6: give floats\.public\.address6 as well/m,
  );
  const six = (document: Draft, from6: string[]): void => {
    document.floats.public.address6 = '2001:db8::10/64';
    document.floats.private.address6 = '2001:db8:1::1/64';
    for (const [id, last] of Object.entries({ a: 2, b: 3 })) {
      document.nodes[id].public6 = `2001:db8::${last}/64`;
      document.nodes[id].private6 = `2001:db8:1::${last}/64`;
    }
    document.outbound = { from6 };
  };
  assert.equal(
    refused((document) => six(document, ['2001:db8:1::/64'])),
    '',
  );
  assert.match(
    refused((document) => six(document, ['2001:db8::/80'])),
    /^outbound\.from6\[0\]: give a network of real servers: 2001:db8::\/64 is the public side/m,
  );
  assert.match(
    refused((document) => six(document, ['2001:db8:1::/64', '2001:db8:1::/80'])),
    /^outbound\.from6\[1\]: leave it out, or outbound\.from6\[0\]: they share addresses/m,
  );
  const beyond = changed((document) => six(document, ['2001:db8:7::/64']));
  assert.match(
    warningsOf(beyond).join('\n'),
    /^outbound\.from6\[0\]: lies outside the private network 2001:db8:1::\/64/m,
  );
});

test('servers behind a mark of a person’s own are tracked, which is said', () => {
  const marked = changed((document) => {
    const [service] = document.services;
    delete service.port;
    Object.assign(service, { fwmark: 7, check: { type: 'none' } });
    document.outbound = { from: ['192.0.2.0/24'] };
  });
  assert.match(warningsOf(marked).join('\n'), /^services\[0\]\.fwmark: has servers whose packets are tracked/m);
});
