import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Load } from '../../image/rack/churn/load.ts';
import type { ChurnResult } from '../../image/rack/churn/result.ts';
import { churn } from '../../image/rack/churn/run.ts';
import type { LoadReport } from '../../image/rack/programs/load.ts';
import { rackDocument } from '../../image/rack/seed.ts';
import type { ControllerRequest } from '../../src/model/control.ts';
import type { NodeId } from '../../src/model/pair.ts';
import { asRoot } from './toy/asRoot.ts';
import { ToyRack } from './toy/rack.ts';
import { createWorld, type World } from './toy/world.ts';

/** The load of the churn against real clients' sockets, and the churn itself on a pretended pair. */

const LIMIT = 30_000;
const PAUSE = 200;

asRoot(import.meta.url, 'a churn on a pretended pair', suite);

function suite(): void {
  describe('a churn on a pretended pair', () => {
    let world: World;
    before(async () => {
      world = await createWorld();
    });
    after(() => world.close());

    /** @throws with the last report when it does not come true. */
    async function until(load: Load, right: (seen: LoadReport) => boolean): Promise<LoadReport> {
      const limit = performance.now() + LIMIT;
      for (;;) {
        const seen = await load.report();
        if (right(seen)) return seen;
        assert.ok(performance.now() < limit, JSON.stringify(seen));
        await new Promise((done) => setTimeout(done, PAUSE));
      }
    }

    test('clients that are served fail nothing; those that are moved to a box without them are all told', async () => {
      const rack = new ToyRack(world, { gap: 0 });
      await rack.reset();
      const load = await Load.start(rack);
      try {
        // Port 80 is a service that comes and goes, as well.
        await load.watch('churn0', 80);
        const served = await until(load, ({ connections, touched }) => connections.held === 20 && touched.held >= 3);
        assert.deepEqual(served.failures, {});
        assert.deepEqual(served.cuts, []);
        assert.ok(served.requests > 0 && served.datagrams > 0 && served.touched.exchanges > 0);
        await rack.box('a').handOver();
        const moved = await until(load, ({ connections, cuts }) => connections.lost >= 20 && cuts.length >= 3);
        assert.equal(moved.failures['connection ECONNRESET'], 20, JSON.stringify(moved.failures));
        assert.deepEqual([...new Set(moved.cuts.map(({ server }) => server))], ['churn0/toy']);
      } finally {
        await load.stop();
      }
    });

    /** A pair whose real rules judge every document, as far as the seconds allow. */
    async function run(rack: ToyRack): Promise<{ ok: boolean; result: ChurnResult }> {
      const lines: string[] = [];
      const ok = await churn(rack, {
        ...{ minutes: 0.2, seed: 3, killEvery: 2, json: true },
        out: (line) => lines.push(line),
        progress: () => {},
      });
      assert.equal(lines.length, 1);
      return { ok, result: JSON.parse(lines[0]!) as ChurnResult };
    }

    const document = async () => JSON.stringify(await rackDocument());

    test('that nobody notices is ok, and leaves the document as it was', async () => {
      const text = await document();
      const rack = new ToyRack(world, { gap: 0 }, text);
      const { ok, result } = await run(rack);
      assert.deepEqual(result.wrong, []);
      assert.deepEqual([ok, result.ok, result.takeovers], [true, true, 0]);
      const { changes, kills, untouched } = result;
      assert.ok(Object.keys(changes).length > 1 && kills > 0 && untouched.requests > 0, JSON.stringify(result));
      assert.equal((await rack.document()).text, text);
    });

    test('in which the floats move is not, and says what it cost', async () => {
      class Moves extends ToyRack {
        #asked = 0;
        override async ask(node: NodeId, request: ControllerRequest): Promise<unknown> {
          this.#asked += 1;
          if (this.#asked === 5) await this.box(node).handOver();
          return super.ask(node, request);
        }
      }
      const { ok, result } = await run(new Moves(world, { gap: 0 }, await document()));
      assert.equal(ok, false);
      assert.equal(result.takeovers, 1);
      assert.equal(result.untouched.failures['connection ECONNRESET'], result.untouched.connections.lost);
      assert.ok(result.untouched.connections.lost > 0);
    });
  });
}
