import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createFailover,
  defaultTiming,
  type FailoverState,
  step,
  viewOf,
  wakeAt,
} from '../../../../src/core/failover/index.ts';
import type { FailoverEvent } from '../../../../src/core/failover/types.ts';
import { config, Driven, LINKS } from './harness.ts';

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

const plain = { noNullPrototype: true } as const;
const sides = fc.constantFrom('public', 'private');
const terms = fc.integer({ min: 0, max: 9 });
const words = fc.integer({ min: 0, max: 60 });
const beat = fc.record(
  {
    version: fc.constantFrom(1, 2),
    speaks: fc.constantFrom(1, 2, 3),
    pair: fc.constantFrom(7, 7, 7, 8),
    from: fc.constantFrom('b', 'b', 'b', 'a'),
    boot: fc.constantFrom('bbbbbbbbbbbbbbbb', 'bbbbbbbbbbbbbbbb', 'cccccccccccccccc'),
    sequence: fc.integer({ min: 1, max: 100 }),
    term: terms,
    role: fc.constantFrom('idle', 'standby', 'taking', 'active', 'releasing'),
    publicUp: fc.boolean(),
    privateUp: fc.boolean(),
    ready: fc.boolean(),
    handingOver: fc.boolean(),
    prepared: terms,
    granted: terms,
    revision: fc.constantFrom(1, 2),
    hearing: fc.constantFrom('', 'aaaaaaaaaaaaaaaa'),
    heard: fc.record({ serial: words, heartbeat: fc.constant(0), public: words, private: words }, plain),
  },
  plain,
);
const events: fc.Arbitrary<FailoverEvent> = fc.oneof(
  fc.constant({ type: 'tick' } as const),
  fc.record({ type: fc.constant('beat'), link: fc.constantFrom(...LINKS), beat }, plain) as fc.Arbitrary<FailoverEvent>,
  fc.record({ type: fc.constant('nic' as const), side: sides, up: fc.boolean() }, plain),
  fc.record({ type: fc.constantFrom('claim' as const, 'rival' as const), side: sides, mac: fc.constant('x') }, plain),
  fc.record(
    { type: fc.constant('floats' as const), held: fc.record({ public: fc.boolean(), private: fc.boolean() }, plain) },
    plain,
  ),
  fc.record({ type: fc.constantFrom('persisted' as const, 'installed' as const), term: terms }, plain),
  fc.record({ type: fc.constant('install-failed' as const), term: terms, reason: fc.constant('x') }, plain),
  fc.constant({ type: 'dropped' } as const),
  fc.record({ type: fc.constant('controller' as const), ready: fc.constantFrom(true, true, false, undefined) }, plain),
  fc.record({ type: fc.constant('hand-over' as const), request: terms, by: fc.constant('x') }, plain),
  fc.record(
    {
      type: fc.constant('hold' as const),
      request: terms,
      hold: fc.constantFrom(undefined, { reason: 'fans', by: 'x' }),
    },
    plain,
  ),
  fc.constant({ type: 'shutdown' } as const),
);

test('any events in any order: pure, never stuck, never floats without a term on disk', () => {
  const script = fc.array(
    fc.tuple(events, fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 3000 }))),
    {
      maxLength: 120,
    },
  );
  fc.assert(
    fc.property(script, (entries) => {
      let state: FailoverState = frozen(createFailover(config('a'), { term: 2 }, 0));
      let now = 0;
      let onDisk = 2;
      let mayHold = false;
      for (const [event, wait] of entries) {
        now += wait;
        if (event.type === 'persisted') onDisk = Math.max(onDisk, event.term);
        const stepped = step(state, frozen(event), now);
        assert.deepEqual(step(state, event, now), stepped, 'the same step twice is the same');
        state = frozen(stepped.state);
        assert.ok(wakeAt(state) > now, `asks to be woken at ${wakeAt(state)}, it is ${now}`);
        assert.ok(wakeAt(state) <= now + state.config.interval, 'beats never pause');
        for (const effect of stepped.effects) {
          if (effect.type === 'install') assert.ok(effect.term <= onDisk, `term ${effect.term} is not on disk`);
          if (effect.type === 'install') mayHold = true;
          if (effect.type === 'drop') mayHold = false;
          if (effect.type === 'renew') assert.ok(mayHold, 'renewing what was never installed would install it');
          if (effect.type === 'beat')
            assert.ok(effect.beat.granted === 0 || !mayHold, 'granted while the kernel may hold');
        }
        assert.equal(state.role === 'active', state.own !== undefined);
        assert.equal(state.role === 'taking', state.take !== undefined);
        assert.equal(state.role === 'releasing', state.release !== undefined);
        viewOf(state, now);
      }
    }),
    { numRuns: 400 },
  );
});

test('beats every interval in every role, on the beat', () => {
  const node = new Driven('a').fit();
  node.run(10_000);
  const times = node.effects('beat').map(({ at }) => at);
  assert.ok(times.every((at, index) => index === 0 || at - times[index - 1]! <= 20));
  assert.ok(times.length < 10_000 / 20 + 12, `${times.length} beats in 10 s`);
  const sequences = node.effects('beat').map(({ effect }) => effect.beat.sequence);
  assert.deepEqual(
    sequences,
    sequences.map((_, index) => index + 1),
  );
});

test('news goes out at once', () => {
  const node = new Driven('a').fit();
  node.run(95);
  node.log.length = 0;
  node.give({ type: 'nic', side: 'public', up: false });
  assert.equal(node.effects('beat')[0]?.effect.beat.publicUp, false);
});

test('alarms are raised and cleared once per change', () => {
  const node = new Driven('b', 3).fit();
  node.twin = () => ({ role: 'active', term: 3, revision: 2 });
  node.run(3000);
  assert.deepEqual(node.alarms(), ['revision-differs']);
  node.twin = () => ({
    role: 'active',
    term: 3,
    heard: { serial: 0, heartbeat: 0, public: node.state.sequence, private: node.state.sequence },
  });
  node.run(3000);
  assert.deepEqual(node.alarms(), ['link-silent serial']);
  assert.match(node.state.alarms[0]?.text ?? '', /a does not hear this node on the serial link/);
  node.twin = undefined;
  node.floatsAnswer = true;
  node.run(3000);
  assert.deepEqual(node.alarms(), ['peer-silent', 'peer-silent-floats-answer']);
  node.give({ type: 'nic', side: 'private', up: false });
  node.give({ type: 'controller', ready: false });
  node.run(3000);
  assert.deepEqual(node.alarms(), ['peer-silent', 'nic-down private', 'not-ready']);
  const changes = node.effects('alarm').map(({ effect }) => `${effect.raised ? '+' : '-'}${effect.alarm.code}`);
  assert.deepEqual(changes, [
    '+revision-differs',
    '-revision-differs',
    '+link-silent',
    '-link-silent',
    '+peer-silent',
    '+peer-silent-floats-answer',
    '-peer-silent-floats-answer',
    '+nic-down',
    '+not-ready',
  ]);
});

test('the default timing lets both proofs end together, whatever the document asks for', () => {
  for (const [interval, deadline] of [
    [20, 100],
    [10, 50],
    [50, 250],
    [200, 1000],
  ] as const) {
    const timing = defaultTiming(interval, deadline);
    assert.ok(timing.suspectAfter > 1.5 * interval && timing.suspectAfter <= 2 * interval);
    assert.ok(timing.suspectAfter + timing.probeSilence <= deadline + 15, `${interval}/${deadline}`);
    assert.ok(timing.probesNeeded * timing.probeInterval <= timing.probeSilence);
  }
});
