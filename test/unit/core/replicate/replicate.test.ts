import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newer, refusalText, same, successor } from '../../../../src/core/replicate/index.ts';
import type { ServerUse, Stamp } from '../../../../src/model/twin.ts';
import { newest, type Side, World } from './world.ts';

const shown = (stamp: Stamp | undefined) => (stamp === undefined ? '' : `${stamp.number}${stamp.node} ${stamp.digest}`);

function together(): World {
  const world = new World();
  world.connect();
  world.drain();
  return world;
}

test('a revision of one box is on the disk of the other, and the first one knows', () => {
  const world = together();
  const stamp = world.a.apply('d1')!;
  assert.equal(world.a.reach(stamp).at, 'waiting');
  world.drain();
  assert.equal(world.a.reach(stamp).at, 'held');
  assert.equal(shown(newest(world.b.disk)), '1a d1');
  assert.ok(world.agreed());
});

test('a box that was away takes the newer revision when the channel opens', () => {
  const world = together();
  world.a.apply('d1');
  world.drain();
  world.close();
  const stamp = world.a.apply('d2')!;
  assert.equal(world.a.reach(stamp).at, 'away');
  world.connect();
  world.drain();
  assert.equal(world.a.reach(stamp).at, 'held');
  assert.equal(shown(newest(world.b.disk)), '2a d2');
  assert.deepEqual(world.b.superseded, []);
});

test('both changed while apart: the order decides, the loser stays in the history and both say so once', () => {
  const world = together();
  world.a.apply('d1');
  world.drain();
  world.close();
  world.b.apply('d2b');
  world.a.apply('d2a');
  world.a.apply('d3a');
  world.connect();
  world.drain();
  for (const side of [world.a, world.b]) {
    assert.equal(shown(newest(side.disk)), '3a d3a');
    assert.deepEqual(
      side.superseded.map(({ loser, winner }) => [shown(loser), shown(winner)]),
      [['2b d2b', '3a d3a']],
    );
  }
  assert.ok(world.b.disk.revisions.some((stamp) => stamp.digest === 'd2b'));
  world.close();
  world.connect();
  world.drain();
  assert.equal(world.b.superseded.length, 1);
});

test('of equal numbers a’s wins, and an applied document before what a box was set up with', () => {
  const world = new World();
  world.a.disk.revisions.push(successor(undefined, 0, 'a', { digest: 'seed', seed: true }));
  world.a.restart();
  world.b.apply('applied');
  world.connect();
  world.drain();
  assert.equal(shown(newest(world.a.disk)), '1b applied');
  world.close();
  world.a.apply('xa');
  world.b.apply('xb');
  world.connect();
  world.drain();
  assert.equal(shown(newest(world.b.disk)), '2a xa');
});

test('what was in force before does not come back by a box whose disk was replaced', () => {
  const world = together();
  for (const digest of ['d1', 'd2', 'd3']) world.a.apply(digest);
  world.drain();
  world.b.disk.revisions.length = 0;
  world.b.disk.revisions.push(successor(undefined, 0, 'b', { digest: 'd1', seed: true }));
  world.b.disk.seen = { number: 0, counter: 0 };
  world.b.restart();
  world.connect();
  world.drain();
  assert.equal(shown(newest(world.b.disk)), '3a d3');
  assert.equal(shown(world.a.state.own), '3a d3');
});

test('a box that cannot apply a revision says why, is not asked again, and its next one is newer', () => {
  const world = together();
  world.b.refuses = () => 'unknown field';
  const stamp = world.a.apply('d1')!;
  world.drain();
  assert.deepEqual(world.a.reach(stamp), { at: 'refused', reason: 'unknown field' });
  assert.match(refusalText(world.a.state)!, /b cannot apply revision 1 of a: unknown field/);
  assert.match(refusalText(world.b.state)!, /b cannot apply revision 1 of its twin: unknown field/);
  const before = world.sent;
  world.tick();
  world.drain();
  assert.ok(world.sent - before <= 4, `${world.sent - before} messages`);
  world.b.refuses = () => undefined;
  const next = world.b.apply('d2')!;
  world.drain();
  assert.equal(next.number, 2);
  assert.equal(world.b.reach(next).at, 'held');
  assert.equal(refusalText(world.a.state), undefined);
});

test('a refused number is remembered over a restart: the next document of that box comes after it', () => {
  const world = together();
  world.b.refuses = () => 'unknown field';
  world.a.apply('d1');
  world.drain();
  world.b.restart();
  assert.equal(world.b.apply('d2')?.number, 2);
});

test('drained on one box is drained on both, and the last word by counter wins', () => {
  const world = together();
  world.a.use('web/s1', true);
  world.drain();
  assert.equal(world.b.disk.uses.get('web/s1')?.drained, true);
  assert.ok(world.agreed());
  world.close();
  world.a.use('web/s1', false);
  world.b.use('web/s1', false);
  world.b.use('web/s1', true);
  world.connect();
  world.drain();
  for (const side of [world.a, world.b]) assert.equal(side.disk.uses.get('web/s1')?.drained, true);
  assert.ok(world.agreed());
});

test('boxes that agree say nothing', () => {
  const world = together();
  world.a.apply('d1');
  world.a.use('web/s1', true);
  world.drain();
  const before = world.sent;
  for (let i = 0; i < 10; i += 1) world.tick();
  assert.equal(world.sent, before);
});

type Act = readonly [kind: string, who: 'a' | 'b', pick: number];

const acts = fc.array(
  fc.tuple(
    fc.constantFrom(
      'apply',
      'use',
      'deliver',
      'deliver',
      'all',
      'all',
      'lose',
      'twice',
      'tick',
      'cut',
      'crash',
      'before',
      'after',
      'open',
      'open',
    ),
    fc.constantFrom('a' as const, 'b' as const),
    fc.nat(1000),
  ),
  { minLength: 10, maxLength: 120, size: 'max' },
);

test('whatever the channel loses and wherever the power goes: what was acknowledged stays, and both come to agree', () => {
  let held = 0;
  fc.assert(
    fc.property(acts, fc.boolean(), (script: readonly Act[], patches) => {
      const world = new World();
      world.patches = patches;
      const waited: { side: Side; stamp: Stamp }[] = [];
      const acknowledged: { stamp: Stamp; own: 'a' | 'b'; both: boolean }[] = [];
      const saidUses: ServerUse[] = [];
      let count = 0;
      const acknowledge = (): void => {
        for (const { side, stamp } of waited) {
          if (side.reach(stamp).at !== 'held') continue;
          const entry = acknowledged.find((one) => one.stamp === stamp);
          if (entry !== undefined && !entry.both) {
            entry.both = true;
            held += 1;
          }
        }
      };
      const check = (): void => {
        for (const { stamp, own, both } of acknowledged) {
          for (const side of [world.a, world.b]) {
            if (!both && side.node !== own) continue;
            const best = newest(side.disk);
            assert.ok(same(best, stamp) || newer(best, stamp), `${side.node} lost ${shown(stamp)}`);
            assert.ok(side.disk.revisions.some((row) => same(row, stamp)) || newer(best, stamp));
          }
        }
      };
      for (const [kind, who, pick] of script) {
        const side = world[who];
        const place = world.wire.length === 0 ? 0 : pick % world.wire.length;
        if (kind === 'apply') {
          const stamp = side.apply(`d${who}${count++}`);
          if (stamp !== undefined) {
            waited.push({ side, stamp });
            acknowledged.push({ stamp, own: who, both: false });
          }
        } else if (kind === 'use') {
          const use = side.use(`web/s${pick % 3}`, pick % 2 === 0);
          if (use !== undefined) saidUses.push(use);
        } else if (kind === 'deliver') world.deliver(place);
        else if (kind === 'all') world.drain();
        else if (kind === 'lose') world.wire.splice(place, 1);
        else if (kind === 'twice') world.wire.push(...world.wire.slice(place, place + 1));
        else if (kind === 'tick') world.tick();
        else if (kind === 'cut') world.close();
        else if (kind === 'crash') side.restart();
        else if (kind === 'open') world.connect();
        else if (kind === 'before' || kind === 'after') side.cut = kind;
        acknowledge();
        check();
      }
      for (const side of [world.a, world.b]) side.cut = undefined;
      world.connect();
      for (let i = 0; i < 4; i += 1) {
        world.drain();
        world.tick();
      }
      world.drain();
      check();
      assert.ok(same(newest(world.a.disk), newest(world.b.disk)), 'revisions differ');
      assert.ok(same(world.a.state.own, newest(world.a.disk)));
      assert.deepEqual([...world.a.disk.uses].sort(), [...world.b.disk.uses].sort());
      for (const use of saidUses) assert.ok(world.a.disk.uses.get(use.server)!.counter >= use.counter);
      assert.ok(world.agreed(), 'the boxes do not know that they agree');
      const before = world.sent;
      world.tick();
      assert.equal(world.sent, before, 'boxes that agree go on talking');
    }),
    { numRuns: 2000, seed: 7 },
  );
  assert.ok(held > 500, `only ${held} revisions were acknowledged for both`);
});

test('a patch goes to a twin that has its base, and is said as a whole from then on', () => {
  const world = new World();
  world.patches = true;
  world.connect();
  world.drain();
  world.a.apply('d1');
  world.drain();
  world.a.apply('d2');
  assert.deepEqual(
    world.wire.map(({ message }) => message.do),
    ['patch'],
  );
  world.wire.length = 0;
  world.tick();
  assert.deepEqual(
    world.wire.flatMap(({ message }) => (message.do === 'revision' || message.do === 'patch' ? message.do : [])),
    ['revision'],
  );
});
