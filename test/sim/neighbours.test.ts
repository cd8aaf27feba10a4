import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storiesOf } from '../../src/core/timeline/story.ts';
import type { Box } from './box.ts';
import { createWorld, type World } from './world.ts';

const SEEDS = 15;
const owner = ({ boxes }: World): Box => (boxes.a.runner?.state().role === 'active' ? boxes.a : boxes.b);

/** Two boxes that have beaten for a while; then `act`. */
function played(seed: number, act: (owner: Box) => void): { world: World; lines: string[] } {
  const lines: string[] = [];
  const world = createWorld({ seed, links: ['serial', 'public', 'private'], onLine: (line) => lines.push(line) });
  world.schedule.at(0, () => world.boxes.a.plug());
  world.schedule.at(100, () => world.boxes.b.plug());
  world.schedule.at(20_000, () => act(owner(world)));
  world.schedule.run(27_000, () => false);
  return { world, lines };
}

for (const [what, act] of [
  ['a power cut', (box: Box) => box.cut()],
  ['a hand-over', (box: Box) => box.process?.input(() => void box.runner?.handOver('operator'))],
] as const) {
  test(`after ${what} every neighbour resolves the floats to the new owner, which says so from its own record`, () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      let was: Box | undefined;
      const { world, lines } = played(seed, (box) => {
        was = box;
        act(box);
      });
      const to = owner(world);
      assert.notEqual(to, was, `seed ${seed}`);
      for (const { entries } of Object.values(world.lans)) {
        assert.ok(entries.size > 0);
        for (const [address, mac] of entries) assert.equal(mac, to.mac, `seed ${seed}: ${address}`);
      }
      const { restored } = [...to.records.values()].at(-1)!;
      assert.equal(restored?.neighbours.filter(({ ms }) => ms !== null).length, 3, `seed ${seed}`);
      assert.ok(restored.ms! < 400, `seed ${seed}: restored in ${restored.ms} ms`);
      assert.ok(lines.some((line) => / [ab] restored in [\d.]+ ms: 3 of 3 neighbours resolve/.test(line)));
      const story = storiesOf({ node: to.name, records: [...to.records.values()] }).at(-1)!;
      const told = story.lines.findIndex((line) => line.what === 'restored');
      assert.ok(told > story.lines.findIndex((line) => line.what === 'announced'), `seed ${seed}`);
    }
  });
}
