import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createThrottle } from '../../../src/console/throttle.ts';
import { FakeClock } from '../../fakes/clock.ts';

test('an address that fails again and again waits longer and longer, another does not', () => {
  const clock = new FakeClock();
  const throttle = createThrottle(clock);
  const waits: number[] = [];
  for (let guess = 0; guess < 12; guess++) {
    const wait = throttle.begin('192.0.2.66');
    waits.push(wait);
    clock.advance(wait);
    if (wait > 0) assert.equal(throttle.begin('192.0.2.66'), 0, 'after the wait it may');
  }
  assert.deepEqual(waits, [0, 0, 0, 0, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000]);
  assert.equal(throttle.begin('192.0.2.50'), 0);
});

test('guesses sent at once do not slip through together', () => {
  const throttle = createThrottle(new FakeClock());
  const begun = Array.from({ length: 50 }, () => throttle.begin('192.0.2.66')).filter((wait) => wait === 0);
  assert.equal(begun.length, 4);
});

test('the right password takes back what it cost', () => {
  const throttle = createThrottle(new FakeClock());
  for (let login = 0; login < 200; login++) {
    assert.equal(throttle.begin('192.0.2.50'), 0);
    throttle.right('192.0.2.50');
  }
});

test('many addresses together have twenty guesses, then one every three seconds, and are not all remembered', () => {
  const clock = new FakeClock();
  const throttle = createThrottle(clock);
  const address = (i: number): string => `192.0.${i >> 8}.${i & 255}`;
  const begun = (from: number, to: number): number => {
    let count = 0;
    for (let i = from; i < to; i++) if (throttle.begin(address(i)) === 0) count += 1;
    return count;
  };
  assert.equal(begun(0, 5_000), 20);
  assert.equal(throttle.begin('192.0.2.50'), 3_000);
  clock.advance(9_000);
  assert.equal(begun(5_000, 10_000), 3);
});
