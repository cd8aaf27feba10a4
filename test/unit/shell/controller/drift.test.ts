import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIGHT_TIMES } from '../../../../src/core/reconcile/index.ts';
import type { DriftHoldResult, DriftResult, PlanResult } from '../../../../src/model/control.ts';
import { type Drifted, driftWords } from '../../../../src/model/drift.ts';
import { createDriftBook, FLUSH_MS, MAX_NEW, SAME_MS } from '../../../../src/shell/controller/driftBook.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { rackText } from '../../../fakes/rackDocument.ts';
import { Box, FakeStore, type Running } from './bench.ts';

const web = { protocol: 'tcp', address: '198.51.100.10', port: 80 } as const;
const s1 = { address: '192.0.2.11', port: 8080 } as const;

const one = (subject = 'x', more: Partial<Drifted> = {}): Drifted => ({
  kind: 'sysctl',
  subject,
  before: '1',
  found: '0',
  atStart: false,
  done: 'repaired',
  why: '',
  ...more,
});

function book() {
  const [store, clock, lines] = [new FakeStore(), new FakeClock(), [] as string[]];
  return { store, clock, lines, book: createDriftBook(store, clock, (text) => lines.push(text)) };
}

test('repeats within a minute are one row with a count, which reaches the disk now and then', () => {
  const { store, clock, lines, book: ledger } = book();
  for (let i = 0; i < 5; i += 1) {
    ledger.add([one()]);
    clock.advance(1000);
  }
  assert.deepEqual(
    [...store.drifts.values()].map(({ count }) => count),
    [1],
    'a fight does not write each second',
  );
  clock.advance(FLUSH_MS);
  assert.deepEqual(
    [...store.drifts.values()].map(({ count }) => count),
    [5],
  );
  assert.equal(lines.length, 1);
  clock.advance(SAME_MS);
  ledger.add([one()]);
  assert.deepEqual(
    ledger.rows(0, 10).map(({ count }) => count),
    [1, 5],
  );
});

test('another outcome is another row', () => {
  const { book: ledger } = book();
  ledger.add([one('x', { done: 'failed', why: 'EPERM' })]);
  ledger.add([one()]);
  assert.deepEqual(
    ledger.rows(0, 10).map(({ done, why }) => [done, why]),
    [
      ['repaired', ''],
      ['failed', 'EPERM'],
    ],
  );
});

test('a flood makes so many rows a minute and fewer lines, and says how many are missing', () => {
  const { store, clock, lines, book: ledger } = book();
  ledger.add(Array.from({ length: 5_000 }, (_, i) => one(`n${i}`)));
  assert.equal(store.drifts.size, MAX_NEW);
  assert.ok(lines.length <= 20, `${lines.length} lines`);
  clock.advance(SAME_MS);
  ledger.add([one()]);
  assert.ok(lines.includes('drift: 4900 more differences were not written down: too many in a minute'), lines.at(-2));
});

test('a full disk is a line in the journal and stops nothing', () => {
  const { store, lines, book: ledger } = book();
  store.full = true;
  ledger.add([one()]);
  assert.match(lines.at(-1)!, /drift was not written down: disk full/);
});

async function running() {
  const box = new Box();
  const started = await box.start(rackText());
  box.clock.advance(500);
  return { box, ...started };
}

const weigh = (box: Box, weight: number): void => {
  const { forwarding, upper, lower } = box.kernel.ipvs.destination(web, s1);
  const destination = { ...s1, forwarding, upper, lower, weight };
  box.kernel.ipvs.apply([{ op: 'edit-destination', service: web, destination }]);
};

const drift = async ({ ask }: Pick<Running, 'ask'>): Promise<DriftResult> =>
  (await ask({ do: 'drift', since: 3_600_000, limit: 100 })) as DriftResult;
const held = ({ controller }: Pick<Running, 'controller'>): string | undefined =>
  controller.alarms.list().find(({ code }) => code === 'drift-held')?.text;
const hold = { do: 'drift-hold', reason: 'debugging', by: 'cli:night', for: 600_000 } as const;

test('checks, drains and documents leave the ledger empty', async () => {
  const { box, controller, ask } = await running();
  box.servers.set('192.0.2.11:8080', { ok: false, reason: 'refused' });
  box.clock.advance(4000);
  box.servers.clear();
  box.clock.advance(4000);
  await ask({ do: 'drain', server: 'web/s2', author: 'cli:night' });
  box.clock.advance(2000);
  await ask({ do: 'apply', text: rackText((text) => text.replace('scheduler: rr', 'scheduler: wlc')), author: 'x' });
  box.clock.advance(2000);
  controller.close();
  const again = await box.start();
  box.clock.advance(5000);
  assert.deepEqual((await drift(again)).rows, []);
});

test('what was changed is in the ledger, and a fight does not fill the events', async () => {
  const { box, controller, ask } = await running();
  const events = box.store.ledger.length;
  for (let i = 0; i < 40; i += 1) {
    weigh(box, 3);
    box.clock.advance(1000);
  }
  assert.deepEqual(box.weights(80), { 11: 1, 12: 1, 13: 1 });
  const { rows } = await drift({ ask });
  assert.deepEqual(rows.map(driftWords), ['server tcp 198.51.100.10:80 > 192.0.2.11:8080: was -m -w 1, found -m -w 3']);
  assert.equal(rows[0]!.count, 40);
  const fight = controller.alarms.list().find(({ code }) => code === 'drift-fight');
  assert.match(fight!.text, new RegExp(`more than ${FIGHT_TIMES} times`));
  assert.ok(box.store.ledger.length - events <= 3, `${box.store.ledger.length - events} events`);
});

test('a hold shows its reason, its end and how much is left alone, outlives a restart and ends on the word', async () => {
  const first = await running();
  const { box } = first;
  await first.ask(hold);
  weigh(box, 3);
  box.clock.advance(2000);
  assert.match(
    held(first)!,
    /^cli:night holds the repair of drift until .*Z: debugging; one difference is left alone$/,
  );
  first.controller.close();

  const again = await box.start();
  box.clock.advance(2000);
  assert.equal(box.weights(80)[11], 3);
  assert.match(held(again)!, /debugging; one difference is left alone/);
  assert.ok(again.controller.reconciler.state().verified, 'a held difference does not take the floats away');
  const { hold: standing, left } = await drift(again);
  assert.equal(standing?.reason, 'debugging');
  assert.equal(left.length, 1);
  const plan = (await again.ask({ do: 'plan', text: rackText() })) as PlanResult;
  assert.deepEqual(plan.steps, [], 'a plan knows what is left alone');

  const resumed = (await again.ask({ do: 'drift-resume', by: 'cli:night' })) as DriftHoldResult;
  assert.equal(resumed.text, 'drift is repaired again; what was left alone is repaired');
  assert.equal(resumed.left.length, 1);
  assert.equal(box.weights(80)[11], 1);
  assert.equal(held(again), undefined);
  assert.equal(box.store.held, undefined);
  await assert.rejects(again.ask({ do: 'drift-resume', by: 'cli:night' }), /the repair of drift is not held/);
});

test('a hold ends at its deadline, and its differences are repaired then', async () => {
  const started = await running();
  const { box, ask } = started;
  await ask(hold);
  weigh(box, 3);
  box.clock.advance(599_000);
  assert.equal(box.weights(80)[11], 3);
  box.clock.advance(1_000);
  assert.equal(box.weights(80)[11], 1);
  assert.equal(held(started), undefined);
  assert.deepEqual(box.events('drift-resumed'), ['drift is repaired again (its time is over)']);
});

test('a hold that the disk does not take is refused and holds nothing', async () => {
  const started = await running();
  started.box.store.full = true;
  await assert.rejects(started.ask(hold), /disk full/);
  assert.equal(started.controller.reconciler.state().held, false);
  assert.equal(held(started), undefined);
});
