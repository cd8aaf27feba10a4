import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BOUNCE, edge, HOLD, type Press, restingButton, settle, settlesAt } from '../../../../src/core/panel/button.ts';

/** Plays the edges (level, at) and every wake-up that is asked for, up to `until`. */
function play(edges: readonly (readonly [boolean, number])[], until: number) {
  let button = restingButton;
  const presses: Press[] = [];
  const look = (now: number): void => {
    const settled = settle(button, now);
    button = settled.button;
    if (settled.press !== 'none') presses.push(settled.press);
  };
  let now = 0;
  for (const [raw, at] of [...edges, [undefined, until] as const]) {
    for (let wake = settlesAt(button, now); wake <= at; wake = settlesAt(button, now)) {
      assert.ok(wake > now, `wakes at ${wake}, it is ${now}`);
      now = wake;
      look(now);
    }
    now = at;
    if (raw !== undefined) button = edge(button, raw, at);
    look(at);
  }
  return { presses, button };
}

const held = (ms: number) =>
  play(
    [
      [true, 1000],
      [false, 1000 + ms],
    ],
    1000 + ms + 60_000,
  ).presses;

test('how long a press lasts decides what it means, once', () => {
  assert.deepEqual(held(100), ['short']);
  assert.deepEqual(held(2600), ['short']);
  assert.deepEqual(held(3000), ['hand-over']);
  assert.deepEqual(held(9000), ['hand-over']);
  assert.deepEqual(held(10_000), ['factory-reset']);
});

test('a press that is shorter than a bounce is none, and bounces at its ends do not divide it', () => {
  assert.deepEqual(held(BOUNCE - 1), []);
  const bouncing = [
    [true, 1000],
    [false, 1003],
    [true, 1008],
    [false, 4000],
    [true, 4004],
    [false, 4011],
  ] as const;
  assert.deepEqual(play(bouncing, 9000).presses, ['hand-over']);
});

test('a button that stays down is stuck, does nothing when it comes up, and works again after that', () => {
  assert.equal(play([[true, 1000]], 40_000).button.stuck, true);
  const presses = play(
    [
      [true, 1000],
      [false, 40_000],
      [true, 41_000],
      [false, 41_200],
    ],
    50_000,
  ).presses;
  assert.deepEqual(presses, ['short']);
});

test('whatever bounces before it stays down, a stuck button asks for nothing', () => {
  const noise = fc.array(fc.integer({ min: 1, max: BOUNCE - 1 }), { maxLength: 40 });
  fc.assert(
    fc.property(noise, fc.integer({ min: HOLD.stuck, max: 10 * HOLD.stuck }), (gaps, down) => {
      let at = 1000;
      const edges: [boolean, number][] = [];
      for (const [index, gap] of gaps.entries()) {
        edges.push([index % 2 === 0, at]);
        at += gap;
      }
      edges.push([true, at], [false, at + down]);
      assert.deepEqual(play(edges, at + down + 1000).presses, []);
    }),
  );
});
