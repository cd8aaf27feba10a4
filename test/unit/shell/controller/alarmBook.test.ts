import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alarm } from '../../../../src/model/pair.ts';
import { createAlarmBook } from '../../../../src/shell/controller/alarmBook.ts';
import { FakeClock } from '../../../fakes/clock.ts';

const down = (n: number): Alarm => ({ code: 'service-down', subject: `web${n}`, text: 'no server left' });

function written() {
  const clock = new FakeClock();
  const entries: { readonly kind: string; readonly text: string; readonly detail: unknown }[] = [];
  const record = (kind: string, text: string, detail: unknown): void => void entries.push({ kind, text, detail });
  return { clock, entries, book: createAlarmBook(clock, { record }) };
}

test('an alarm is written as it comes, and as it goes', () => {
  const { entries, book } = written();
  book.add(down(1), true);
  book.add(down(1), false);
  assert.deepEqual(
    entries.map(({ kind, text }) => [kind, text]),
    [
      ['alarm', 'service-down web1: no server left'],
      ['alarm-cleared', 'service-down web1: no server left'],
    ],
  );
});

test('two thousand services that fail with a switch are eight events and one more, not two thousand writes', () => {
  const { clock, entries, book } = written();
  for (let n = 0; n < 2_000; n += 1) book.add(down(n), true);
  assert.equal(entries.length, 8);
  clock.advance(1_000);
  assert.equal(entries.length, 9);
  assert.equal(entries[8]?.text, 'service-down: 1992 more, the first is web8: no server left');
  assert.equal((entries[8]!.detail as string[]).at(-1), 'web1999');
  clock.advance(60_000);
  assert.equal(entries.length, 9);
});

test('a storm of one code leaves the others alone, and the next begins anew', () => {
  const { clock, entries, book } = written();
  for (let n = 0; n < 9; n += 1) book.add(down(n), true);
  book.add({ code: 'nic-down', subject: 'public', text: 'no carrier' }, true);
  assert.equal(entries.at(-1)?.text, 'nic-down public: no carrier');
  clock.advance(1_000);
  assert.equal(entries.at(-1)?.text, 'service-down web8: no server left');
  book.add(down(10), true);
  assert.equal(entries.at(-1)?.text, 'service-down web10: no server left');
});

test('what is gathered is written at the end', () => {
  const { entries, book } = written();
  for (let n = 0; n < 20; n += 1) book.add(down(n), true);
  book.close();
  assert.equal(entries.at(-1)?.text, 'service-down: 12 more, the first is web8: no server left');
});
