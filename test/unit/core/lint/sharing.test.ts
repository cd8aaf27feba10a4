import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedServers } from '../../../../src/core/lint/sharing.ts';
import { rackDocument } from '../../../fakes/rackDocument.ts';

const serviceAt = (port: number, serverPort: number, more = '', protocol = 'tcp') => `
  - name: other
    protocol: ${protocol}
    port: ${port}
    servers:
      - { name: t1, address: 192.0.2.11, port: ${serverPort}${more} }
      - { name: t2, address: 192.0.2.12, port: ${serverPort}${more} }
`;
const withService = (service: string) => rackDocument((text) => `${text.trimEnd()}\n${service.slice(1)}`);

test('two services that masquerade to one port of a server are told, with their servers', () => {
  assert.deepEqual(sharedServers(withService(serviceAt(81, 8080))), [
    {
      code: 'servers-shared',
      subject: 'other',
      text: 'other and web both masquerade to t1 (192.0.2.11, port 8080), t2 (192.0.2.12, port 8080)',
    },
  ]);
});

test('another port, another protocol and direct routing are no matter', () => {
  assert.deepEqual(sharedServers(rackDocument()), []);
  assert.deepEqual(sharedServers(withService(serviceAt(81, 8081))), []);
  assert.deepEqual(sharedServers(withService(serviceAt(81, 8080, '', 'udp'))), []);
  assert.deepEqual(sharedServers(withService(serviceAt(8080, 8080, ', forwarding: direct'))), []);
});

test('of many pairs the first are told and the others counted', () => {
  const many = Array.from({ length: 11 }, (_, index) =>
    serviceAt(81 + index, 8080)
      .replace('name: other', `name: o${index}`)
      .slice(1),
  );
  const found = sharedServers(withService(`\n${many.join('')}`));
  assert.deepEqual(
    found.map(({ subject }) => subject),
    ['o0', 'o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o7'],
  );
  assert.match(found.at(-1)?.text ?? '', /; so do 3 more pairs of services$/);
  assert.doesNotMatch(found.at(-2)?.text ?? '', /more pairs/);
});
