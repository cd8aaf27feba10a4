import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LinkId } from '../../src/model/pair.ts';
import type { Box } from './box.ts';
import { createInvariants } from './invariants.ts';
import { createWorld, serves, type World } from './world.ts';

/** A pair that has settled: one serves, the other stands by. */
class Settled {
  readonly world: World;
  readonly owner: Box;
  readonly other: Box;
  readonly #check: () => string | undefined;

  constructor(seed: number, links: readonly LinkId[] = ['serial', 'private', 'public']) {
    this.world = createWorld({ seed, links });
    this.#check = createInvariants(this.world).check;
    for (const box of [this.world.boxes.a, this.world.boxes.b]) box.plug();
    this.run(8000);
    const owner = [this.world.boxes.a, this.world.boxes.b].find(serves);
    assert.ok(owner, this.world.lines.join('\n'));
    this.owner = owner;
    this.other = owner === this.world.boxes.a ? this.world.boxes.b : this.world.boxes.a;
    // The one fault of each test.
    this.world.disturbances = 1;
  }

  run(ms: number, until: () => boolean = () => false): number {
    const start = this.world.schedule.now();
    let done = false;
    this.world.schedule.run(start + ms, () => {
      const violation = this.#check();
      assert.equal(violation, undefined, `${violation}\n${this.world.lines.slice(-25).join('\n')}`);
      done = until();
      return done;
    });
    return done ? this.world.schedule.now() - start : Number.POSITIVE_INFINITY;
  }
}

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);
const median = (values: readonly number[]): number => [...values].sort((x, y) => x - y)[values.length >> 1]!;

function cutLinks(world: World): void {
  for (const wire of [...world.wires.a, ...world.wires.b]) wire.ailment.cut = true;
}

test('power cut: the twin serves about 60 ms later', (t) => {
  const outages = SEEDS.map((seed) => {
    const pair = new Settled(seed);
    pair.owner.cut();
    return pair.run(1000, () => serves(pair.other));
  });
  t.diagnostic(`outage: median ${median(outages).toFixed(0)} ms, longest ${Math.max(...outages).toFixed(0)} ms`);
  assert.ok(Math.min(...outages) > 35 && median(outages) <= 60 && Math.max(...outages) <= 85, outages.join(' '));
});

test('power cut with the serial line as the only link', (t) => {
  const outages = SEEDS.map((seed) => {
    const pair = new Settled(seed, ['serial']);
    pair.owner.cut();
    return pair.run(1000, () => serves(pair.other));
  });
  t.diagnostic(`outage: median ${median(outages).toFixed(0)} ms, longest ${Math.max(...outages).toFixed(0)} ms`);
  assert.ok(Math.max(...outages) <= 85, outages.join(' '));
});

test('hand-over: one owner all the while, and hardly a gap', (t) => {
  for (const links of [['serial', 'private', 'public'], ['serial']] as const) {
    const gaps = SEEDS.map((seed) => {
      const pair = new Settled(seed, links);
      void pair.owner.runner!.handOver('test');
      pair.run(200, () => !serves(pair.owner));
      return pair.run(200, () => serves(pair.other));
    });
    t.diagnostic(
      `${links.join()}: gap median ${median(gaps).toFixed(1)} ms, longest ${Math.max(...gaps).toFixed(1)} ms`,
    );
    assert.ok(median(gaps) <= 20 && Math.max(...gaps) <= 50, gaps.join(' '));
  }
});

test('a NIC of the owner goes down: both floats move together', (t) => {
  const outages = SEEDS.map((seed) => {
    const pair = new Settled(seed);
    pair.owner.kernel.setCarrier(seed % 2 === 0 ? 'public' : 'private', false);
    return pair.run(1000, () => serves(pair.other));
  });
  t.diagnostic(`outage: median ${median(outages).toFixed(0)} ms, longest ${Math.max(...outages).toFixed(0)} ms`);
  assert.ok(Math.max(...outages) <= 100, outages.join(' '));
});

test('the lane of the owner dies: the twin serves once the unit has cleaned up', (t) => {
  const outages = SEEDS.map((seed) => {
    const pair = new Settled(seed);
    pair.owner.killLane('test');
    return pair.run(1000, () => serves(pair.other));
  });
  t.diagnostic(`outage: median ${median(outages).toFixed(0)} ms, longest ${Math.max(...outages).toFixed(0)} ms`);
  assert.ok(Math.max(...outages) <= 250, outages.join(' '));
});

test('the lane of the owner hangs: the floats answer until the watchdog strikes, and only then move', (t) => {
  const moved = SEEDS.map((seed) => {
    const pair = new Settled(seed);
    pair.owner.hangLane();
    return pair.run(2000, () => serves(pair.other));
  });
  t.diagnostic(`from the hang: median ${median(moved).toFixed(0)} ms, longest ${Math.max(...moved).toFixed(0)} ms`);
  assert.ok(Math.min(...moved) > 800 && Math.max(...moved) < 1150, moved.join(' '));
});

test('the serial line alone is pulled: nobody moves, an alarm is raised and cleared', () => {
  for (const seed of SEEDS) {
    const pair = new Settled(seed);
    const { moves } = pair.world;
    const serial = [...pair.world.wires.a, ...pair.world.wires.b].filter((wire) => wire.id === 'serial');
    for (const wire of serial) wire.ailment.cut = true;
    pair.run(3000);
    for (const box of [pair.owner, pair.other]) {
      assert.deepEqual(
        box.runner!.state().alarms.map((alarm) => [alarm.code, alarm.subject]),
        [['link-silent', 'serial']],
      );
    }
    for (const wire of serial) wire.ailment.cut = false;
    pair.run(500);
    assert.deepEqual([pair.world.moves, pair.other.runner!.state().alarms], [moves, []]);
  }
});

test('every heartbeat link is cut while both serve clients: nobody moves, and the twin takes when the owner dies', () => {
  for (const seed of SEEDS) {
    const pair = new Settled(seed);
    const { moves } = pair.world;
    cutLinks(pair.world);
    pair.run(5000);
    assert.equal(pair.world.moves, moves);
    assert.ok(pair.other.runner!.state().alarms.some((alarm) => alarm.code === 'peer-silent-floats-answer'));
    pair.owner.cut();
    assert.ok(pair.run(1000, () => serves(pair.other)) <= 250);
  }
});

test('a guest paused for 5 s: the twin serves, and the thawed one lets go within a beat', (t) => {
  const overlaps = SEEDS.map((seed) => {
    const pair = new Settled(seed);
    pair.owner.freeze(true);
    assert.ok(pair.run(1000, () => serves(pair.other)) <= 135);
    pair.run(5000);
    pair.owner.thaw();
    const overlap = serves(pair.owner) ? pair.run(1000, () => !serves(pair.owner)) : 0;
    pair.run(3000);
    assert.ok(serves(pair.other) && !serves(pair.owner));
    return overlap;
  });
  t.diagnostic(`two owners: median ${median(overlaps).toFixed(1)} ms, longest ${Math.max(...overlaps).toFixed(1)} ms`);
  assert.ok(Math.max(...overlaps) <= 28, overlaps.join(' '));
});

test('both boxes start at the same instant, with and without links between them: one serves', () => {
  for (const seed of SEEDS) {
    for (const cut of [false, true]) {
      const world = createWorld({ seed });
      const { check } = createInvariants(world);
      if (cut) cutLinks(world);
      for (const box of [world.boxes.a, world.boxes.b]) box.plug();
      world.schedule.run(9000, () => {
        assert.equal(check(), undefined, world.lines.join('\n'));
        return false;
      });
      assert.equal([world.boxes.a, world.boxes.b].filter(serves).length, 1);
      assert.equal(world.moves, 1);
    }
  }
});

test('the service of the owner is stopped: handed over, not dropped', (t) => {
  const gaps = SEEDS.map((seed) => {
    const pair = new Settled(seed);
    pair.owner.runner!.shutdown();
    pair.run(300, () => !serves(pair.owner));
    return pair.run(300, () => serves(pair.other));
  });
  t.diagnostic(`gap: median ${median(gaps).toFixed(1)} ms, longest ${Math.max(...gaps).toFixed(1)} ms`);
  assert.ok(Math.max(...gaps) <= 50, gaps.join(' '));
});
