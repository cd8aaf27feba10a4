import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keySecrets, newPairKey } from '../../../../firmware/keys/secrets.ts';
import type { KeyFrame } from '../../../../src/codec/keyFrame.ts';
import { createKeys, rotationRefusal, stepKeys } from '../../../../src/core/keys/index.ts';
import type { NodeId } from '../../../../src/model/pair.ts';
import { FAULTS, type Fault, KeyWorld } from './world.ts';

/** Actions until an undisturbed exchange is over, and then some. */
const PATIENCE = 400;

function runOn(world: KeyWorld, from: number, to: number): void {
  for (let step = from; step < to; step += 1) {
    world.act(step);
    assert.equal(world.deaf(), '', `after action ${step}`);
  }
}

/** A pair that rotates from `node`, with faults before the actions of these numbers. @returns the world at its end. */
function played(node: NodeId, faults: readonly { readonly at: number; readonly fault: Fault }[]): KeyWorld {
  const world = new KeyWorld();
  world.rotate(node);
  let done = 0;
  for (const { at, fault } of [...faults].sort((one, other) => one.at - other.at)) {
    runOn(world, done, at);
    world.fault(fault);
    assert.equal(world.deaf(), '', `${fault} before action ${at}`);
    done = at;
  }
  runOn(world, done, done + PATIENCE);
  return world;
}

/** Actions until both have settled on another key, in an undisturbed run. */
function length(): number {
  const world = new KeyWorld();
  world.rotate('a');
  for (let step = 0; step < PATIENCE; step += 1) {
    world.act(step);
    if ((world.settled() ?? world.old.id) !== world.old.id) return step + 1;
  }
  return assert.fail('an undisturbed exchange does not end');
}

test('each step is told, in its order, and no key ever', () => {
  const world = played('a', []);
  const [young, old] = [world.settled()!, world.old.id];
  assert.notEqual(young, old);
  assert.deepEqual(world.told, [
    `a pair key ${young}: made and accepted here, offered to the twin`,
    `b pair key ${young}: came from the twin and signs here; ${old} is accepted until the twin signs with it`,
    `a pair key ${young}: the twin signs with it, so it signs here too`,
    `a pair key ${old}: retired, both sign with ${young}`,
    `b pair key ${old}: retired, both sign with ${young}`,
  ]);
  const { secret } = world.boxes.a.disk.sign;
  assert.ok(!world.told.join().includes(secret) && !world.told.join().includes(world.old.secret));
});

test('every fault before every action: the two hear each other all the time and settle in the end', () => {
  const actions = length();
  let runs = 0;
  for (const node of ['a', 'b'] as const) {
    for (let at = 0; at <= actions + 8; at += 1) {
      for (const fault of FAULTS) {
        const world = played(node, [{ at, fault }]);
        assert.notEqual(world.settled(), undefined, `${fault} before action ${at}, rotated by ${node}`);
        runs += 1;
      }
    }
  }
  assert.ok(runs > 16 * actions && actions > 20, `${runs} runs of ${actions} actions`);
});

test('any faults, losses and actions in any order, both boxes rotating at will: never deaf, and settled once it is quiet', () => {
  const happening = fc.oneof(
    { weight: 12, arbitrary: fc.record({ act: fc.nat({ max: 7 }) }) },
    { weight: 2, arbitrary: fc.record({ fault: fc.constantFrom(...FAULTS) }) },
    { weight: 1, arbitrary: fc.record({ rotate: fc.constantFrom('a' as const, 'b' as const) }) },
    { weight: 1, arbitrary: fc.record({ unplugged: fc.boolean() }) },
  );
  let exchanged = 0;
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 250, size: 'max' }), (happenings) => {
      const world = new KeyWorld();
      for (const what of happenings) {
        if ('act' in what) world.act(what.act);
        else if ('fault' in what) world.fault(what.fault);
        else if ('rotate' in what) world.rotate(what.rotate);
        else world.unplugged = what.unplugged;
        assert.equal(world.deaf(), '');
      }
      world.unplugged = false;
      runOn(world, 0, PATIENCE);
      const settled = world.settled();
      assert.notEqual(settled, undefined);
      if (settled !== world.old.id) exchanged += 1;
    }),
    { numRuns: 300 },
  );
  assert.ok(exchanged > 50, `${exchanged} runs ended with another key`);
});

/** One box that offers, and the first frame it sends. */
function offering() {
  const sign = newPairKey();
  const next = newPairKey();
  const first = createKeys('a', { sign, next, former: undefined }, keySecrets);
  const { state, effects } = stepKeys(first, { type: 'tick' }, 0);
  const frame = effects.find((effect) => effect.type === 'send')!.frame;
  return { state, frame, sign, next };
}

const sent = (effects: readonly { readonly type: string }[]): KeyFrame[] =>
  effects.filter((effect) => effect.type === 'send').map((effect) => (effect as unknown as { frame: KeyFrame }).frame);

test('an offer under another key, changed, or come back from a looped cable is not answered', () => {
  const { state, frame, sign } = offering();
  const settled = (key: typeof sign) => createKeys('b', { sign: key, next: undefined, former: undefined }, keySecrets);
  assert.equal(sent(stepKeys(settled(sign), { type: 'frame', frame }, 0).effects).length, 1, 'the right one is');
  assert.deepEqual(stepKeys(settled(newPairKey()), { type: 'frame', frame }, 0).effects, []);
  assert.deepEqual(stepKeys(state, { type: 'frame', frame }, 0).effects, []);
  for (let at = 0; at < frame.body.length; at += 1) {
    const body = Uint8Array.from(frame.body);
    body[at]! ^= 1;
    assert.deepEqual(
      stepKeys(settled(sign), { type: 'frame', frame: { ...frame, body } }, 0).effects,
      [],
      `byte ${at}`,
    );
  }
});

test('a whole exchange that was recorded brings nobody a key again, nor does a changed one', () => {
  const { state: a0, frame, sign, next } = offering();
  const b0 = createKeys('b', { sign, next: undefined, former: undefined }, keySecrets);
  const b1 = stepKeys(b0, { type: 'frame', frame }, 0);
  const a1 = stepKeys(a0, { type: 'frame', frame: sent(b1.effects)[0]! }, 0);
  const key = sent(a1.effects)[0]!;
  const b2 = stepKeys(b1.state, { type: 'frame', frame: key }, 0);
  assert.equal(b2.state.saving?.ring.sign.id, next.id);

  const replayed = stepKeys(stepKeys(b0, { type: 'frame', frame }, 0).state, { type: 'frame', frame: key }, 0);
  assert.deepEqual([replayed.effects, replayed.state.saving], [[], undefined], 'its fresh key is another one');
  for (let at = 0; at < key.body.length; at += 1) {
    const body = Uint8Array.from(key.body);
    body[at]! ^= 0x80;
    assert.deepEqual(stepKeys(b1.state, { type: 'frame', frame: { ...key, body } }, 0).effects, [], `byte ${at}`);
  }
});

test('a storm of offers costs one key agreement in 300 ms', () => {
  const { frame, sign } = offering();
  let state = createKeys('b', { sign, next: undefined, former: undefined }, keySecrets);
  let answers = 0;
  for (let now = 0; now < 3000; now += 10) {
    const stepped = stepKeys(state, { type: 'frame', frame }, now);
    state = stepped.state;
    answers += sent(stepped.effects).length;
  }
  assert.equal(answers, 10);
});

test('a new exchange waits for the end of the last', () => {
  const [sign, former] = [newPairKey(), newPairKey()];
  const state = createKeys('a', { sign, next: undefined, former }, keySecrets);
  assert.match(rotationRefusal(state) ?? '', new RegExp(`not yet signed with ${sign.id}`));
  assert.deepEqual(stepKeys(state, { type: 'rotate', fresh: newPairKey() }, 0).effects, []);
});
