import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alarm } from '../../../../src/model/pair.ts';
import { createAlarmBook } from '../../../../src/shell/controller/alarmBook.ts';
import type { Ledger } from '../../../../src/shell/controller/ledger.ts';
import { FakeClock } from '../../../fakes/clock.ts';

const down = (n: number): Alarm => ({ code: 'service-down', subject: `web${n}`, text: 'no server left' });

function written() {
  const clock = new FakeClock();
  const entries: Parameters<Ledger['record']>[] = [];
  const record: Ledger['record'] = (...entry) => void entries.push(entry);
  const said = () => entries.map(([kind, text, detail, severity]) => ({ kind, text, detail, severity }));
  return { clock, said, book: createAlarmBook(clock, { record }) };
}

test('an alarm is written as it comes, and as it goes', () => {
  const { said, book } = written();
  book.add(down(1), true);
  book.add(down(1), false);
  assert.deepEqual(
    said().map(({ kind, text, severity }) => [kind, text, severity]),
    [
      ['alarm', 'service-down web1: no server left', 'critical'],
      ['alarm-cleared', 'service-down web1: no server left', 'notice'],
    ],
  );
});

test('two thousand services that fail with a switch are eight events and one more, not two thousand writes', () => {
  const { clock, said, book } = written();
  for (let n = 0; n < 2_000; n += 1) book.add(down(n), true);
  assert.equal(said().length, 8);
  clock.advance(1_000);
  assert.equal(said().length, 9);
  assert.equal(said()[8]?.text, 'service-down: 1992 more, the first is web8: no server left');
  assert.equal((said()[8]!.detail as string[]).at(-1), 'web1999');
  clock.advance(60_000);
  assert.equal(said().length, 9);
});

test('a storm of one code leaves the others alone, and the next begins anew', () => {
  const { clock, said, book } = written();
  for (let n = 0; n < 9; n += 1) book.add(down(n), true);
  book.add({ code: 'nic-down', subject: 'public', text: 'no carrier' }, true);
  assert.equal(said().at(-1)?.text, 'nic-down public: no carrier');
  clock.advance(1_000);
  assert.equal(said().at(-1)?.text, 'service-down web8: no server left');
  book.add(down(10), true);
  assert.equal(said().at(-1)?.text, 'service-down web10: no server left');
});

test('what is gathered is written at the end', () => {
  const { said, book } = written();
  for (let n = 0; n < 20; n += 1) book.add(down(n), true);
  book.close();
  assert.equal(said().at(-1)?.text, 'service-down: 12 more, the first is web8: no server left');
});
