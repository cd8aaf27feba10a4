import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLaidOutAs, layoutOf } from '../../../../src/core/stats/index.ts';
import { rackDocument } from '../../../fakes/rackDocument.ts';

test('a document is laid out as another exactly when its rows count the same things in the same order', () => {
  const base = rackDocument();
  const [web] = base.services;
  for (const [what, change] of [
    ['a weight', (s: typeof web) => ({ ...s!, servers: s!.servers.map((server) => ({ ...server, weight: 9 })) })],
    ['another scheduler', (s: typeof web) => ({ ...s!, scheduler: 'lc' as const })],
    ['another name', (s: typeof web) => ({ ...s!, name: 'other' })],
    ['another port', (s: typeof web) => ({ ...s!, port: 81 })],
    ['a server less', (s: typeof web) => ({ ...s!, servers: s!.servers.slice(1) })],
    ['another order', (s: typeof web) => ({ ...s!, servers: s!.servers.toReversed() })],
    [
      'another address',
      (s: typeof web) => ({ ...s!, servers: s!.servers.map((one) => ({ ...one, address: '192.0.2.9' })) }),
    ],
  ] as const) {
    const other = { ...base, services: [change(web), ...base.services.slice(1)] };
    const identities = (document: typeof base): string[] => layoutOf(document).rows.map(({ identity }) => identity);
    const same = JSON.stringify(identities(base)) === JSON.stringify(identities(other));
    assert.equal(isLaidOutAs(base, other), same, what);
  }
});
