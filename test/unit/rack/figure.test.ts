import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SERVICES } from '../../../image/rack/figure.ts';
import { rackDocument } from '../../../image/rack/seed.ts';

test('the figure’s services are those of the example document', async () => {
  assert.deepEqual(
    (await rackDocument()).services.map(({ name }) => name),
    [...SERVICES],
  );
});
