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
