import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rackDocument } from '../../../image/rack/seed.ts';
import { crowded, DESTINATIONS } from '../../../image/rack/soak/document.ts';
import { parseDocument } from '../../../src/model/parseDocument.ts';

test('the crowded document is one that a router takes, full to the limit, and another each round', async () => {
  const own = await rackDocument();
  const [odd, even] = [1, 2].map((round) => parseDocument(crowded(own, round)));
  assert.ok(odd?.ok && even?.ok, JSON.stringify([odd, even]).slice(0, 500));
  const servers = (parsed: typeof odd) => parsed.document.services.flatMap((service) => service.servers);
  assert.equal(servers(odd).length, DESTINATIONS);
  assert.equal(servers(even).length, DESTINATIONS);
  const changed = servers(odd).filter((server, index) => server.weight !== servers(even)[index]?.weight);
  const figure = own.services.reduce((sum, service) => sum + service.servers.length, 0);
  assert.equal(changed.length, DESTINATIONS - figure);
});
