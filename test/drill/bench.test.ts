import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { FAULTS, type Fault } from '../../image/rack/bench/faults.ts';
import type { BenchRack, System } from '../../image/rack/bench/system.ts';
import { type Trial, trial } from '../../image/rack/bench/trial.ts';
import { peerOf } from '../../src/model/pair.ts';
import { asRoot } from './toy/asRoot.ts';
import { ToyRack } from './toy/rack.ts';
import { createWorld, type World } from './toy/world.ts';

/** The comparison's trials against a pretended pair that fails over as it is told. */

const COUNT = 20;
const GAP = 150;

/** How long a busy machine kept the prober from sending, ms: the trial says so itself, and nothing else may be amiss. */
function slept(reasons: readonly string[]): number {
  return reasons.reduce((most, reason) => {
    const found = /^the prober sent nothing for (\d+) ms$/.exec(reason);
    assert.ok(found !== null, reason);
    return Math.max(most, Number(found[1]));
  }, 0);
}

class ToyBench extends ToyRack implements BenchRack {
  async reinstall(): Promise<void> {}
  async mend(): Promise<void> {}
}

asRoot(import.meta.url, 'a trial on a pretended pair', suite);

function suite(): void {
  describe('a trial on a pretended pair', () => {
    let world: World;
    before(async () => {
      world = await createWorld();
    });
    after(() => world.close());

    function run(name: string, change: Partial<System> = {}): Promise<Trial> {
      const system: System = {
        name: 'toy',
        disks: async () => ({ a: [], b: [] }),
        ready: (rack) => rack.reset(),
        synced: async (_, __, count) => count,
        calm: async () => {},
        handOver: (rack, active) => rack.box(active).handOver(),
        kill: async () => {},
        comeBack: (rack) => rack.box('b').handOver(),
        describe: async () => '',
        ...change,
      };
      const fault = FAULTS.find((one): one is Fault => one.name === name)!;
      return trial(new ToyBench(world, { gap: GAP }), system, fault, {
        run: 3,
        load: { connections: COUNT, thin: 1 },
        install: true,
        tell: () => {},
      });
    }

    test('nothing happens, and nothing is measured', async () => {
      const { outage_ms, two_owner_ms, connections, reasons, synced } = await run('quiet');
      assert.ok(outage_ms !== null && outage_ms <= 20 + slept(reasons), `${outage_ms}`);
      assert.deepEqual(
        { two_owner_ms, connections, synced },
        { two_owner_ms: 0, connections: { held: COUNT, lost: 0 }, synced: COUNT },
      );
    });

    test('the outage of a move, and the connections that it costs', async () => {
      const done = await run('hand-over');
      const outage = done.outage_ms ?? 0;
      assert.ok(outage > GAP - 10 && outage < GAP + 60 + slept(done.reasons), `${outage}`);
      assert.equal(done.connections.lost, COUNT);
      assert.equal(done.still_two_owners, false);
      assert.deepEqual([done.system, done.fault, done.run], ['toy', 'hand-over', 3]);
    });

    test('a return is measured after the hand-over that it undoes, which is not', async () => {
      const done = await run('preferred-return', {
        handOver: async () => {
          await world.a.tell('drop');
          await new Promise((wait) => setTimeout(wait, 4 * GAP));
          await world.b.tell('take');
        },
      });
      const outage = done.outage_ms ?? 0;
      assert.ok(outage > GAP - 10 && outage < GAP + 60 + slept(done.reasons), `${outage}`);
      assert.deepEqual(done.connections, { held: 0, lost: 0 }, 'the hand-over has cost them all');
    });

    test('a move of the very end is no second owner', async () => {
      const done = await run('preferred-return', {
        comeBack: async () => {
          // Within the peace that the trial waits for, which no client notices, and just before it is over.
          setTimeout(async () => {
            await world.a.tell('take');
            await world.b.tell('drop');
          }, 5750);
        },
      });
      assert.equal(done.still_two_owners, false);
      assert.ok((done.two_owner_ms ?? 0) < 500, `${done.two_owner_ms}`);
    });

    test('two owners at the end are told, though the clients are served', async () => {
      const done = await run('pair-killed', {
        kill: async (_, active) => {
          await world[peerOf(active)].tell('take');
        },
      });
      slept(done.reasons);
      assert.equal(done.still_two_owners, true);
      assert.ok((done.two_owner_ms ?? 0) > 5000, `${done.two_owner_ms}`);
    });

    test('a pair that is not where it should be before the fault proves nothing', async () => {
      const done = await run('hand-over', {
        ready: async () => {
          await world.a.tell('drop');
          await world.b.tell('drop');
          await world.b.tell('take');
        },
      });
      assert.deepEqual(done.reasons, ['b has the floats before the fault, a should']);
      assert.equal(done.outage_ms, null);
    });

    test('a system that does not become ready is a broken trial, not the end', async () => {
      const done = await run('quiet', {
        ready: async () => {
          throw new Error('it does not answer');
        },
      });
      assert.equal(done.outage_ms, null);
      assert.deepEqual(done.reasons, ['it does not answer']);
    });
  });
}
