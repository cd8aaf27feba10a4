import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultTiming } from '../../../../src/core/failover/index.ts';
import type { FailoverConfig } from '../../../../src/core/failover/types.ts';
import { Duo } from './duo.ts';
import { Driven } from './harness.ts';

const AFTER = 10_000;
const preference = { node: 'b', afterMs: AFTER } as const;

/** `a`, which owns the floats, since now under a twin that is fit, preferred, and prepares when asked. */
function owner(prepares = true, part: Partial<FailoverConfig> = {}): Driven {
  const node = new Driven('a', 3, { preference, ...part }).fit();
  node.run(10 * (part.deadline ?? 100));
  assert.equal(node.state.role, 'active');
  node.twin = (beat) => ({ term: 3, prepared: prepares && beat.handingOver ? 9 : 0 });
  node.log.length = 0;
  return node;
}

const asked = (node: Driven): number[] => {
  const beats = node.effects('beat').filter(({ effect }, index, all) => {
    return effect.beat.handingOver && all[index - 1]?.effect.beat.handingOver !== true;
  });
  return beats.map(({ at }) => at);
};

test('the owner gives the floats to the preferred twin after the whole delay, and says why', () => {
  const node = owner();
  node.run(AFTER - 100);
  assert.deepEqual(asked(node), []);
  node.run(200);
  assert.equal(node.lastTransition()?.cause, 'preferred');
  assert.match(
    node.lastTransition()?.evidence ?? '',
    /^b is preferred and has been fit for 10 s; b is fit and prepared/,
  );
});

test('any break in the twin’s fitness starts the delay again', () => {
  for (const spoil of [
    (node: Driven) => node.hear({ ready: false }),
    (node: Driven) => node.hear({ publicUp: false }),
    (node: Driven) => {
      const { twin } = node;
      node.twin = undefined;
      node.run(150);
      node.twin = twin;
    },
    (node: Driven) => {
      node.twinHears = false;
      node.run(150);
      node.twinHears = true;
    },
  ]) {
    const node = owner();
    node.run(AFTER - 500);
    spoil(node);
    node.run(AFTER - 200);
    assert.deepEqual(asked(node), []);
    node.run(400);
    assert.equal(asked(node).length, 1);
  }
});

test('without a preference, and for a preferred owner, nothing moves', () => {
  for (const part of [{}, { preference: { node: 'a', afterMs: AFTER } as const }]) {
    const node = new Driven('a', 3, part).fit();
    node.run(1000);
    node.twin = (beat) => ({ term: 3, prepared: beat.handingOver ? 9 : 0 });
    node.run(10 * AFTER);
    assert.equal(node.state.role, 'active');
    assert.deepEqual(asked(node), []);
  }
});

test('a move that fails is tried again after twice the time, and so on up to an hour', () => {
  const node = owner(false, defaultTiming(400, 2000));
  node.run(8 * 3_600_000);
  const times = asked(node);
  // Each move that fails takes as long as a hand-over may.
  const gaps = times
    .slice(1)
    .map((at, index) => Math.round((at - times[index]! - node.state.config.handOverTimeout) / AFTER));
  assert.deepEqual(gaps.slice(0, 8), [2, 4, 8, 16, 32, 64, 128, 256]);
  assert.ok(
    gaps.slice(9).every((gap) => gap === 360),
    gaps.join(),
  );
  assert.equal(node.state.role, 'active');
  node.twin = (beat) => ({ term: 3, prepared: beat.handingOver ? 9 : 0 });
  node.run(3_700_000);
  assert.ok(node.effects('record').some(({ effect }) => effect.transition.cause === 'preferred'));
});

test('a held owner and a held twin move nothing', () => {
  const node = owner();
  node.give({ type: 'hold', request: 1, hold: { reason: '', by: 'x' } });
  node.run(3 * AFTER);
  assert.deepEqual(asked(node), []);
  node.give({ type: 'hold', request: 2, hold: undefined });
  node.run(AFTER - 100);
  assert.deepEqual(asked(node), [], 'the delay begins when the hold ends');
  node.run(200);
  assert.equal(asked(node).length, 1);
});

test('a pair: the preferred node is given the floats once, and keeps them', () => {
  const duo = new Duo({ preference });
  assert.equal(duo.owner(), 'a');
  duo.run(AFTER + 500);
  assert.equal(duo.owner(), 'b');
  assert.equal(duo.a.lastTransition()?.cause, 'preferred');
  duo.run(3 * AFTER);
  assert.equal(duo.b.effects('drop').length, 0);
  assert.deepEqual(duo.a.state.preference, { since: undefined, failed: 0 });
});
