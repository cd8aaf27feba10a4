import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultTiming, viewOf } from '../../../../src/core/failover/index.ts';
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

const COLD = 'b knows 3 of 1000 connections: the others would end';

test('while the controller says that clients would lose, nothing moves; the delay begins when it says that they would not', () => {
  const node = owner();
  for (const against of [COLD, undefined]) {
    node.give({ type: 'controller', ready: true, against });
    node.run(3 * AFTER);
    assert.deepEqual(asked(node), []);
  }
  node.give({ type: 'controller', ready: true, against: null });
  node.run(AFTER - 100);
  assert.deepEqual(asked(node), []);
  node.run(200);
  assert.equal(asked(node).length, 1);
});

test('a controller that falls silent allows no return, and its word from before is not kept', () => {
  const node = owner();
  node.run(AFTER / 2);
  node.give({ type: 'controller', ready: undefined });
  node.run(3 * AFTER);
  assert.deepEqual(asked(node), []);
  assert.equal(node.state.role, 'active');
});

test('the return is shown: what it waits for, or in how long it comes; only by an owner whose twin is preferred', () => {
  const node = owner();
  const shown = () => viewOf(node.state, node.now).returns;
  node.run(50);
  node.give({ type: 'controller', ready: true, against: COLD });
  assert.deepEqual(shown(), { to: 'b', waitsFor: COLD, inMs: null });
  node.give({ type: 'controller', ready: undefined });
  assert.match(shown()?.waitsFor ?? '', /^the controller of a does not say/);
  node.give({ type: 'controller', ready: true, against: null });
  node.run(AFTER / 2);
  assert.equal(shown()?.waitsFor, '');
  assert.ok(Math.abs((shown()?.inMs ?? 0) - AFTER / 2) < 100, `${shown()?.inMs}`);
  node.hear({ ready: false });
  assert.equal(shown()?.waitsFor, 'b is not fit: it is not ready');
  assert.equal(viewOf(owner(true, { preference: { node: 'a', afterMs: AFTER } }).state, 9000).returns, undefined);
});

test('a pair: a cold twin gets the floats back once it is warm, and not before', () => {
  const duo = new Duo({ preference });
  duo.a.give({ type: 'controller', ready: true, against: COLD });
  duo.run(2 * AFTER);
  assert.equal(duo.owner(), 'a');
  duo.a.give({ type: 'controller', ready: true, against: null });
  duo.run(AFTER + 500);
  assert.equal(duo.owner(), 'b');
});
