import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Story, storiesOf } from '../../src/core/timeline/story.ts';
import type { NodeId } from '../../src/model/pair.ts';
import { MAX_RECORD, recordSchema, type Timeline } from '../../src/model/timeline.ts';
import type { Box } from './box.ts';
import { runSeed } from './run.ts';
import { createWorld, type World } from './world.ts';

const SEEDS = 15;
const owner = ({ boxes }: World): Box => (boxes.a.runner?.state().role === 'active' ? boxes.a : boxes.b);

/** What the box would print, with its wall clock wrong by `skew` ms. */
const timelineOf = (box: Box, skew = 0): Timeline => ({
  node: box.name,
  records: [...box.records.values()].map((record) => ({ ...record, at: record.at + skew })),
});

/** Two boxes that come up, and what is done to them once they have beaten for a while. */
function played(seed: number, act: (world: World) => void): World {
  const world = createWorld({ seed, links: ['serial', 'public', 'private'] });
  world.schedule.at(0, () => world.boxes.a.plug());
  world.schedule.at(100, () => world.boxes.b.plug());
  world.schedule.at(20_000, () => act(world));
  world.schedule.run(26_000, () => false);
  return world;
}

/** The last story, told by box a, whose twin's wall clock is three days ahead. */
function lastStory({ boxes }: World): Story {
  return storiesOf(timelineOf(boxes.a), timelineOf(boxes.b, 3 * 86_400_000)).at(-1)!;
}

/** The order in which these first happen at or after the first sign, or just before it. */
function order(story: Story, ...wanted: readonly [who: NodeId, what: string, subject?: string][]): void {
  const places = wanted.map(([who, what, subject]) =>
    story.lines.findIndex(
      (line) => line.at > -500 && line.who === who && line.what === what && (subject ?? line.subject) === line.subject,
    ),
  );
  const said = story.lines.map(({ at, who, text }) => `${at.toFixed(2)} ${who} ${text}`).join('\n');
  for (const [index, place] of places.entries()) {
    assert.ok(place >= 0, `${wanted[index]} is not told:\n${said}`);
    assert.ok(
      index === 0 || place > places[index - 1]!,
      `${wanted[index]} is told before ${wanted[index - 1]}:\n${said}`,
    );
  }
}

test('a hand-over is one story of both boxes, cause first, however their clocks stand', () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    let from: NodeId = 'a';
    const world = played(seed, (at) => {
      const box = owner(at);
      from = box.name;
      box.process?.input(() => void box.runner?.handOver('operator'));
    });
    const to = from === 'a' ? 'b' : 'a';
    const story = lastStory(world);
    assert.deepEqual(story.moves.map(({ who }) => who).sort(), ['a', 'b'], `seed ${seed}`);
    assert.equal(story.clocks?.by, 'beats');
    assert.ok(story.clocks.withinMs !== null && story.clocks.withinMs < 10, `within ${story.clocks.withinMs} ms`);
    order(
      story,
      [from, 'hand-over', 'asking'],
      [to, 'prepared'],
      [from, 'hand-over', 'dropping'],
      [from, 'dropped'],
      [from, 'hand-over', 'granted'],
      [to, 'role', 'taking'],
      [to, 'installed'],
      [to, 'announced'],
      [from, 'twin', 'active'],
    );
  }
});

test('a power cut is told by the box that took over, from the last beat to the announcement', () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    let from: NodeId = 'a';
    const world = played(seed, (at) => {
      from = owner(at).name;
      owner(at).cut();
    });
    const to = from === 'a' ? 'b' : 'a';
    const story = lastStory(world);
    assert.deepEqual(
      story.moves.map(({ who, cause }) => `${who} ${cause}`),
      [`${to} peer-silent`],
    );
    order(story, [to, 'last-beat', 'serial'], [to, 'suspected'], [to, 'probe'], [to, 'installed'], [to, 'announced']);
    const total = story.shares.reduce((sum, { ms }) => sum + ms, 0);
    assert.ok(total >= 45 && total < 200, `seed ${seed}: ${total} ms`);
    assert.equal(story.shares.at(-1)?.until, 'announced');
  }
});

test('whatever strikes, records are sound and bounded, and each box’s events keep their order', () => {
  let moves = 0;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const boxes: Box[] = [];
    runSeed({ seed, onWorld: (world) => boxes.push(world.boxes.a, world.boxes.b) });
    const [a, b] = boxes.map((box) => timelineOf(box));
    for (const record of [...a!.records, ...b!.records]) {
      moves += 1;
      assert.deepEqual(recordSchema.parse(record), record);
      assert.ok(JSON.stringify(record).length <= MAX_RECORD);
    }
    const told = storiesOf(a!, b!);
    assert.equal(told.flatMap(({ moves: all }) => all).length, a!.records.length + b!.records.length);
    for (const { node, records } of [a!, b!]) {
      const own = told.flatMap(({ moves: all }) => all).filter(({ who }) => who === node);
      assert.deepEqual(
        own.map(({ term, to }) => `${to} ${term}`),
        records.map(({ term, to }) => `${to} ${term}`),
      );
    }
  }
  assert.ok(moves >= SEEDS, `only ${moves} moves`);
});
