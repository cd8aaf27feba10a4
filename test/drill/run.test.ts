import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { drillAll } from '../../image/rack/drill/all.ts';
import { drillNamed } from '../../image/rack/drill/drills.ts';
import { quiet } from '../../image/rack/drill/quiet.ts';
import type { Report } from '../../image/rack/drill/report.ts';
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
const LOAD = { connections: COUNT, thin: 1 } as const;

asRoot(import.meta.url, 'a drill on a pretended pair', suite);

function suite(): void {
  describe('a drill on a pretended pair', () => {
    let world: World;
    before(async () => {
      world = await createWorld();
    });
    after(() => world.close());

    /** Its connections die in a move, which it cannot help. */
    const onlyLost = [`${COUNT} connections lost, at most 0`];

    async function drill(name: string, habits: Habits): Promise<{ ok: boolean; result: RunResult; summary: string }> {
      const lines: string[] = [];
      let summary = '';
      const ok = await runDrill(new ToyRack(world, habits), name, {
        json: true,
        load: LOAD,
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

    test('before whose fault the floats moved is not, and says so', async () => {
      const { ok, result } = await drill('controller-killed', { gap: 0, early: true });
      assert.equal(ok, false);
      assert.deepEqual(result.reasons, ['the floats went from a to b before the fault', ...onlyLost]);
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

    test('whose document is another one gets its own back, and its own words stand in the line', async () => {
      const rack = new ToyRack(world, { gap: 0 });
      const before = (await rack.document()).text;
      const lines: string[] = [];
      const out = (line: string) => void lines.push(line);
      assert.equal(await runDrill(rack, 'commit-cut', { json: true, load: LOAD, out }), false);
      const { reasons, detail } = JSON.parse(lines[0]!) as RunResult;
      assert.deepEqual(reasons, onlyLost);
      assert.match(detail?.notes?.[0] ?? '', /^cut 0 ms after the first write, the new revision was answered$/);
      assert.match(detail?.notes?.[1] ?? '', /^one document in force \d+ ms after both were whole$/);
      assert.equal(detail?.notes?.[2], 'a holds the new revision, 2');
      assert.equal((await rack.document()).text, before);
    });

    test('asks for the floats back where the box that had them is preferred', async () => {
      const { result } = await drill('preferred', { gap: 50, returns: true });
      assert.deepEqual(result.reasons, onlyLost);
      const { detail, takeover } = result;
      assert.deepEqual(detail?.to, { public: detail?.from, private: detail?.from });
      assert.equal(takeover.released?.cause, 'preferred');
      assert.ok((detail?.undo_outage_ms ?? 0) > 0, 'the return is measured, too');
    });

    test('many end in one report, one that breaks off is named, and the others run', async () => {
      const lines: string[] = [];
      const told: string[] = [];
      const drills = ['serial-pulled', 'hand-over'].map(drillNamed);
      // The quiet run's reset is the first, the first drill's the second.
      const rack = new ToyRack(world, { gap: 0, brokenUntil: 3 });
      const ok = await drillAll(rack, drills, {
        ...{ repeat: 1, json: true, load: LOAD },
        out: (line) => lines.push(line),
        progress: (text) => told.push(text),
      });
      assert.equal(ok, false);
      assert.equal(lines.length, 1);
      const whole = JSON.parse(lines[0]!) as Report;
      assert.equal(whole.quiet.broken, 'the toy is not whole');
      assert.deepEqual(
        whole.drills.map(({ drill: name, reasons }) => [name, reasons]),
        [
          ['serial-pulled', ['the toy is not whole']],
          ['hand-over', onlyLost],
        ],
      );
      assert.deepEqual([whole.ok, whole.runs, whole.ok_runs], [false, 2, 0]);
      assert.match(told.join('\n'), /1 of 2 runs done, some \d+ min left\n/);
    });

    test('a quiet run measures the gaps between answers', async () => {
      const seen = await quiet(new ToyRack(world, { gap: 0 }), { ...LOAD, thin: 2 }, () => {});
      assert.equal(seen.broken, undefined);
      assert.equal(seen.seconds, 20);
      // Half of the probes are half as dense.
      assert.ok(seen.gap_ms.tcp >= 20 && seen.gap_ms.udp >= 10, JSON.stringify(seen));
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
