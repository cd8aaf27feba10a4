import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PictureServer, PictureService } from '../../../src/model/console.ts';
import { choose, MOST_SHOWN } from '../../../web/parts/choice.ts';

const server = (name: string, address: string, more: Partial<PictureServer> = {}): PictureServer => ({
  name,
  address,
  port: 8080,
  forwarding: 'masquerade',
  up: true,
  drained: false,
  weight: 1,
  configuredWeight: 1,
  active: 0,
  inactive: 0,
  reason: '',
  rates: { connections: 0, bytesIn: 0, bytesOut: 0 },
  ...more,
});

const service = (name: string, servers: readonly PictureServer[]): PictureService => ({
  name,
  protocol: 'tcp',
  address: '198.51.100.10',
  port: 80,
  scheduler: 'wlc',
  servers: [...servers],
});

const services = [
  service('web', [server('s1', '192.0.2.11'), server('s2', '192.0.2.12', { up: false, reason: 'refused' })]),
  service('mail', [server('s1', '192.0.2.21', { drained: true, weight: 0 })]),
  service('empty', []),
];

/** `web/s1 web/s2 mail/s1 empty` */
const names = (words: string): string =>
  choose(services, words)
    .services.flatMap(({ name, servers }) =>
      servers.length === 0 ? [name] : servers.map((each) => `${name}/${each.name}`),
    )
    .join(' ');

test('without words everything is shown, a service without servers too', () => {
  assert.equal(names(''), 'web/s1 web/s2 mail/s1 empty');
  assert.equal(names('  '), 'web/s1 web/s2 mail/s1 empty');
});

test('servers are found by name, address and state, and every word has to fit', () => {
  assert.equal(names('web'), 'web/s1 web/s2');
  assert.equal(names('S1'), 'web/s1 mail/s1');
  assert.equal(names('web/s2'), 'web/s2');
  assert.equal(names('192.0.2.2'), 'mail/s1');
  assert.equal(names('down'), 'web/s2');
  assert.equal(names('drained'), 'mail/s1');
  assert.equal(names('s1 mail'), 'mail/s1');
  assert.equal(names('empty'), 'empty');
  assert.equal(names('nothing of that kind'), '');
});

test('a large table is cut, and how many there are is known', () => {
  const many = Array.from({ length: 3 }, (_, index) =>
    service(
      `pool${index}`,
      Array.from({ length: MOST_SHOWN / 2 }, (_, at) => server(`s${at}`, `10.0.${index}.${at}`)),
    ),
  );
  const { services: shown, fitting, all } = choose(many, 'pool');
  assert.deepEqual(
    shown.map(({ name, servers }) => `${name} ${servers.length}`),
    ['pool0 100', 'pool1 100'],
  );
  assert.deepEqual([fitting, all], [300, 300]);
  assert.deepEqual([choose(many, 'pool2').services.length, choose(many, 'pool2').fitting], [1, 100]);
});
