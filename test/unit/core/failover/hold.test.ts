import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HELD } from '../../../../src/codec/beat.ts';
import { openBeat, sealBeat } from '../../../../src/codec/beatFrame.ts';
import { handOverRefusal, viewOf } from '../../../../src/core/failover/index.ts';
import { Duo } from './duo.ts';
import { Driven } from './harness.ts';

const HOLD = { reason: 'new power supply', by: 'cli:root' };
const hold = { type: 'hold', request: 1, hold: HOLD } as const;
const resume = { type: 'hold', request: 2, hold: undefined } as const;

/** `a`, which owns the floats under a twin that is fit and prepares when asked. */
function owner(): Driven {
  const node = new Driven('a', 3).fit();
  node.twin = (beat) => ({ term: 3, prepared: beat.handingOver ? 9 : 0 });
  node.run(400);
  assert.equal(node.state.role, 'active');
  node.log.length = 0;
  return node;
}

function standby(): Driven {
  const node = new Driven('b', 3).fit();
  node.twin = () => ({ role: 'active', term: 3 });
  node.run(600);
  assert.equal(node.state.role, 'standby');
  node.log.length = 0;
  return node;
}

test('a held owner keeps the floats with a NIC down and a kernel not ready; resumed, it hands over', () => {
  for (const spoil of [
    (node: Driven) => node.give({ type: 'nic', side: 'public', up: false }),
    (node: Driven) => node.give({ type: 'controller', ready: false }),
  ]) {
    const node = owner();
    node.give(hold);
    spoil(node);
    node.run(20_000);
    assert.equal(node.state.role, 'active');
    assert.equal(node.effects('drop').length, 0);
    node.give(resume);
    node.run(100);
    assert.equal(node.effects('drop').length, 1, 'what the hold kept back comes at once');
  }
});

test('a hand-over from a held owner is refused with its remedy, and planned as refused', () => {
  const node = owner();
  node.give(hold);
  node.give({ type: 'hand-over', request: 7, by: 'cli:root' });
  assert.deepEqual(node.effects('answer').at(-1)?.effect, {
    type: 'answer',
    request: 7,
    ok: false,
    text: 'a is held by an operator (new power supply, cli:root)',
    remedy: '`tandem resume`',
  });
  assert.equal(node.effects('drop').length, 0);
  assert.equal(handOverRefusal(node.state, node.now)?.remedy, '`tandem resume`');
});

test('a held twin is given nothing, and the refusal says where to resume', () => {
  const node = owner();
  node.twin = () => ({ term: 3, prepared: HELD, ready: false });
  node.run(50);
  assert.deepEqual(handOverRefusal(node.state, node.now), {
    text: 'b is held by an operator',
    remedy: '`tandem resume` on b',
  });
  assert.deepEqual(node.alarms(), ['held b']);
  assert.equal(viewOf(node.state, node.now).peer.held, true);
  node.give({ type: 'nic', side: 'public', up: false });
  node.run(1000);
  assert.equal(node.effects('drop').length, 0, 'a crippled owner does not leave for a held twin');
  node.twin = undefined;
  node.run(2000);
  assert.ok(node.alarms().includes('held b'), 'a box that is opened is silent, and held all the same');
});

test('a held standby does not take the floats of a dead owner; resumed, it does', () => {
  const node = standby();
  node.give(hold);
  node.twin = undefined;
  node.run(60_000);
  assert.equal(node.effects('install').length, 0);
  assert.equal(node.effects('probe').length, 0);
  node.give(resume);
  node.run(500);
  assert.equal(node.state.role, 'active');
});

test('the beat says it at once, and an older release reads a node that is not fit', () => {
  const node = standby();
  node.give(hold);
  const { at, effect } = node.effects('beat').at(-1)!;
  assert.equal(at, node.now);
  assert.deepEqual([effect.beat.ready, effect.beat.prepared], [false, HELD]);
  const mac = () => new Uint8Array(32);
  const opened = openBeat(sealBeat(effect.beat, mac), { keys: [mac] });
  assert.ok(opened.ok);
  assert.deepEqual(opened.beat, effect.beat, 'the frame carries it as it is');
  assert.ok(viewOf(node.state, node.now).ready, 'the kernel is ready all the same');
  node.give(resume);
  assert.deepEqual([node.effects('beat').at(-1)?.at, node.effects('beat').at(-1)?.effect.beat.ready], [node.now, true]);
});

test('a hold ends no hand-over that has begun, on either side', () => {
  const giver = owner();
  giver.twin = () => ({ term: 3 });
  giver.give({ type: 'hand-over', request: 7, by: 'cli:root' });
  giver.give(hold);
  assert.deepEqual([giver.state.hold, giver.effects('answer').at(-1)?.effect.ok], [undefined, false]);
  const taker = standby();
  taker.twin = () => ({ role: 'active', term: 3, handingOver: true });
  taker.run(30);
  taker.give(hold);
  assert.deepEqual([taker.state.hold, taker.effects('answer').at(-1)?.effect.ok], [undefined, false]);
  assert.equal(taker.effects('keep-hold').length, 0);
});

test('a held owner lets go at once for a higher term, and at the end of its service', () => {
  const node = owner();
  node.give(hold);
  node.hear({ role: 'active', term: 99 });
  assert.equal(node.effects('drop').length, 1);
  assert.equal(node.lastTransition()?.cause, 'higher-term');
  const ending = owner();
  ending.give(hold);
  ending.give({ type: 'shutdown' });
  ending.run(100);
  assert.equal(ending.effects('drop').length, 1);
});

test('held before the start: held after it, with its alarm until resumed', () => {
  const node = new Driven('a', 3, {}, 1000, HOLD).fit();
  node.run(5000);
  assert.equal(node.state.role, 'standby');
  assert.deepEqual(
    node.alarms().filter((alarm) => alarm.startsWith('held')),
    ['held a'],
  );
  node.give(resume);
  node.run(1);
  assert.deepEqual(
    node.alarms().filter((alarm) => alarm.startsWith('held')),
    [],
  );
  assert.deepEqual(
    node.effects('keep-hold').map(({ effect }) => [effect.hold, effect.text]),
    [[undefined, 'a is no longer held']],
  );
});

/** What may befall a pair while one of its boxes is held. */
const mishap = fc.record({
  what: fc.constantFrom('nic', 'ready', 'cut', 'one-way', 'stall', 'hand-over', 'claim', 'nothing'),
  node: fc.constantFrom('a' as const, 'b' as const),
  side: fc.constantFrom('public' as const, 'private' as const),
  lasts: fc.integer({ min: 0, max: 4000 }),
});

function befall(
  duo: Duo,
  { what, node, side, lasts }: { what: string; node: 'a' | 'b'; side: 'public' | 'private'; lasts: number },
) {
  const box = duo[node];
  switch (what) {
    case 'nic':
      box.give({ type: 'nic', side, up: false });
      duo.run(lasts);
      box.give({ type: 'nic', side, up: true });
      break;
    case 'ready':
      box.give({ type: 'controller', ready: false });
      duo.run(lasts + 6000);
      box.give({ type: 'controller', ready: true });
      break;
    case 'cut':
      duo.hears = { a: false, b: false };
      break;
    case 'one-way':
      duo.hears = { ...duo.hears, [node]: false };
      break;
    case 'stall':
      duo.stall(node, lasts);
      break;
    case 'hand-over':
      box.give({ type: 'hand-over', request: 5, by: 'x' });
      break;
    case 'claim':
      box.give({ type: 'claim', side, mac: 'x' });
      break;
  }
  duo.run(lasts);
  duo.hears = { a: true, b: true };
  duo.run(1000);
}

test('whatever befalls the pair: a held standby never takes, and its twin never gives', () => {
  fc.assert(
    fc.property(fc.array(mishap, { maxLength: 6 }), fc.boolean(), (mishaps, twinToo) => {
      const duo = new Duo();
      const [owns, waits] = duo.owner() === 'a' ? (['a', 'b'] as const) : (['b', 'a'] as const);
      duo[waits].give(hold);
      if (twinToo) duo[owns].give(hold);
      duo.run(100);
      const taken = duo[waits].effects('install').length;
      for (const each of mishaps) befall(duo, each);
      assert.equal(duo[waits].effects('install').length, taken);
      assert.equal(duo[waits].state.role, 'standby');
      assert.ok(duo[owns].effects('beat').every(({ effect }) => effect.beat.granted === 0));
    }),
    { numRuns: 60 },
  );
});

test('both held, and no wire, cable or kernel makes the floats move by themselves', () => {
  const harmless = mishap.filter(({ what }) => what !== 'stall' && what !== 'claim');
  fc.assert(
    fc.property(fc.array(harmless, { maxLength: 6 }), (mishaps) => {
      const duo = new Duo();
      const owns = duo.owner();
      duo.a.give(hold);
      duo.b.give(hold);
      duo.run(100);
      for (const each of mishaps) befall(duo, each);
      assert.equal(duo.owner(), owns);
      assert.equal(duo[owns!].effects('drop').length, 0);
    }),
    { numRuns: 60 },
  );
});
