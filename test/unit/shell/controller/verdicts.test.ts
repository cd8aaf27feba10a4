import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checksOf } from '../../../../src/core/health/index.ts';
import { createVerdictBook } from '../../../../src/shell/controller/verdicts.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { rackDocument } from '../../../fakes/rackDocument.ts';

const document = rackDocument();
const ids = checksOf(document).map(({ id }) => id);
const turn = (id: string, verdict: 'up' | 'down') =>
  ({ id, verdict, was: verdict === 'up' ? 'down' : 'up', reason: 'connection refused' }) as const;

/** @param cost of one entry, ms */
function written(cost = 0) {
  const clock = new FakeClock();
  const entries: { readonly at: number; readonly kind: string; readonly text: string }[] = [];
  const ledger = {
    record(kind: string, text: string) {
      entries.push({ at: clock.now(), kind, text });
      clock.advance(cost);
    },
    onRecord: () => {},
  };
  return { clock, entries, book: createVerdictBook(clock, ledger, () => document) };
}

test('a verdict is told under the names of all servers that share its check, a quarter of a second later', () => {
  const { clock, entries, book } = written();
  const begun = clock.now();
  book.add(turn(ids[0]!, 'down'));
  clock.advance(1_000);
  assert.deepEqual(entries, [
    { at: begun + 250, kind: 'server-down', text: 'web/s1, echo/s1 is down: connection refused' },
  ]);
});

test('more than eight at once are one entry, of each verdict', () => {
  const { clock, entries, book } = written();
  for (const id of [...ids, ...ids, ...ids]) book.add(turn(id, 'down'));
  book.add(turn(ids[2]!, 'up'));
  clock.advance(1_000);
  assert.deepEqual(
    entries.map(({ text }) => text),
    ['9 checks are down, first web/s1, echo/s1: connection refused', 'web/s3 is up: connection refused'],
  );
});

test('verdicts without end leave four fifths of the time to the checks, and none is lost', () => {
  const { clock, entries, book } = written(100);
  const begun = clock.now();
  let added = 0;
  while (clock.now() - begun < 60_000) {
    for (let one = 0; one < 9; one += 1) book.add(turn(ids[0]!, 'down'));
    added += 9;
    clock.advance(10);
  }
  const spent = 100 * entries.length;
  assert.ok(spent <= 0.2 * (clock.now() - begun) + 100, `${spent} ms of ${clock.now() - begun}`);
  book.close();
  const told = entries.reduce((sum, { text }) => sum + Number(/^\d+/.exec(text)?.[0] ?? 1), 0);
  assert.equal(told, added);
});

test('what is still gathered at the end is written', () => {
  const { entries, book } = written();
  book.add(turn(ids[1]!, 'down'));
  book.close();
  assert.equal(entries.length, 1);
});
