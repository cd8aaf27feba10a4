import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RunResult } from '../../image/rack/drill/result.ts';
import { runDrill } from '../../image/rack/drill/run.ts';
import { asRoot } from './toy/asRoot.ts';
import { type Habits, ToyRack } from './toy/rack.ts';
import { createWorld, type World } from './toy/world.ts';

/**
 * The whole drill against a pretended pair. Its routers do not share connections, so a move loses every one of them: the
 * verdict must say so.
 */

const COUNT = 20;

asRoot(import.meta.url, 'a drill on a pretended pair', suite);

function suite(): void {
  describe('a drill on a pretended pair', () => {
    let world: World;
    before(async () => {
      world = await createWorld();
    });
    after(() => world.close());

    async function drill(name: string, habits: Habits): Promise<{ ok: boolean; result: RunResult; summary: string }> {
      const lines: string[] = [];
      let summary = '';
      const ok = await runDrill(new ToyRack(world, habits), name, {
        json: true,
        connections: COUNT,
        out: (line) => lines.push(line),
        progress: (text) => {
          summary = text;
        },
      });
      assert.equal(lines.length, 1);
      return { ok, result: JSON.parse(lines[0]!) as RunResult, summary };
    }

    test('that harms nobody is ok, and its line has the figures first', async () => {
      const { ok, result, summary } = await drill('serial-pulled', { gap: 0, alarm: true });
      assert.deepEqual(result.reasons, []);
      assert.equal(ok, true);
      assert.deepEqual(Object.keys(result).slice(0, 7), [
        'drill',
        'run',
        'outage_ms',
        'two_owner_ms',
        'connections',
        'takeover',
        'ok',
      ]);
      assert.deepEqual(result.connections, { held: COUNT, lost: 0 });
      assert.equal(result.takeover.cause, 'none');
      assert.match(summary, /^serial-pulled: 1 of 1 runs ok, outage median 0 ms/);
    });

    test('whose alarm never came is not', async () => {
      const { ok, result } = await drill('serial-pulled', { gap: 0 });
      assert.equal(ok, false);
      assert.deepEqual(result.reasons, ['no alarm link-silent for serial; raised: none']);
    });

    test('measures the outage of a power cut, and every lost connection', async () => {
      const { result } = await drill('power-cut', { gap: 150 });
      const outage = result.outage_ms ?? 0;
      assert.ok(outage > 140 && outage < 210, `${outage}`);
      assert.equal(result.two_owner_ms, 0);
      assert.equal(result.takeover.cause, 'peer-silent');
      assert.deepEqual(result.detail?.to, { public: 'b', private: 'b' });
      assert.deepEqual(result.reasons, [`${COUNT} connections lost, at most 0`]);
    });

    test('sees two owners, whatever the rest looks like', async () => {
      const { result } = await drill('hand-over', { gap: 0, both: 80 });
      const both = result.two_owner_ms ?? 0;
      // Some 150 ms are made; of what lies between two questions at either end, 20 ms each, nothing is certain.
      assert.ok(both > 110 && both < 200, `${both}`);
      assert.match(result.reasons.join('; '), /two routers owned a float for/);
    });
  });
}
