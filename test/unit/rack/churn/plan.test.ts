import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from '../../../../image/rack/cable/chance.ts';
import { type Change, type Crowd, EMPTY, KINDS, nextChange, standings } from '../../../../image/rack/churn/plan.ts';
import { rackDocument } from '../../../../image/rack/seed.ts';
import { parseDocument } from '../../../../src/model/parseDocument.ts';

const own = await rackDocument();
const asDocument = (services: readonly object[]) =>
  parseDocument(JSON.stringify({ ...own, services: [...own.services, ...services] }));

/** So many changes, each on the crowd that the one before left. */
function plan(seed: number, count: number): readonly { readonly before: Crowd; readonly change: Change }[] {
  const chance = seeded(seed);
  let crowd = EMPTY;
  return Array.from({ length: count }, () => {
    const before = crowd;
    const change = nextChange(before, chance);
    crowd = change.crowd;
    return { before, change };
  });
}

test('equal seeds ask for equal changes, other seeds for others', () => {
  assert.deepEqual(plan(7, 50), plan(7, 50));
  assert.notDeepEqual(plan(7, 50), plan(8, 50));
});

test('every kind comes up, and a router takes every document but the mistakes', () => {
  const all = plan(3, 400);
  assert.deepEqual([...new Set(all.map(({ change }) => change.kind))].sort(), [...KINDS, 'mistake'].sort());
  for (const { change } of all) {
    if (change.ask.do !== 'apply') continue;
    const parsed = asDocument(change.ask.services);
    assert.equal(parsed.ok, change.kind !== 'mistake', `${change.kind} ${change.what}`);
  }
});

test('a word about a server is about one of the document, and a mistake leaves the crowd as it is', () => {
  for (const { before, change } of plan(5, 400)) {
    if (change.kind === 'mistake') assert.equal(change.crowd, before);
    if (change.kind === 'drain') assert.equal(standings(before).get(change.what), 'in');
    if (change.kind === 'enable') assert.equal(standings(before).get(change.what), 'drained');
  }
});

test('a server that left the document comes back in use', () => {
  const service = { name: 'churn0', port: 9100, scheduler: 'rr', check: 'none', servers: { s1: 1 } } as const;
  const chance = seeded(1);
  const crowd: Crowd = { services: [service], drained: ['churn0/s1'] };
  for (;;) {
    const change = nextChange(crowd, chance);
    if (change.kind !== 'remove-service') continue;
    assert.deepEqual(change.crowd, EMPTY);
    return;
  }
});
