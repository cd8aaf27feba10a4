import assert from 'node:assert/strict';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { boards } from '../../firmware/boards/index.ts';
import { MAX_EDGES, WINDOW_MS } from '../../firmware/panel/edges.ts';
import { chips, numberOf } from '../../firmware/panel/lines.ts';
import { onLines, openPanel } from '../../firmware/panel/panel.ts';
import { type Board, LEDS } from '../../src/model/panel.ts';
import type { Panel } from '../../src/ports/panel.ts';
import { sh } from './netns.ts';

/** The front panel on a real chip of the kernel's, whose lines are pulled and read from its other side. */

const board: Board = boards.find(({ name }) => name === 'virtual rack')!;
const found = new Map<number, string>();
/** Looked for once: under emulation a look takes as long as many edges. */
function line(offset: number): string {
  const path = found.get(offset) ?? globSync(`/sys/devices/platform/gpio-sim.*/gpiochip*/sim_gpio${offset}`)[0]!;
  found.set(offset, path);
  return path;
}
const level = (offset: number): number => Number(readFileSync(`${line(offset)}/value`, 'utf8'));
const levels = (): number[] => LEDS.map((_led, index) => level(index));
const pull = (up: boolean): void => writeFileSync(`${line(LEDS.length)}/pull`, up ? 'pull-up' : 'pull-down');

describe('the front panel', () => {
  let panel: Panel;
  const failures: string[] = [];
  const told: boolean[] = [];
  /** When each was told, ms. */
  const toldAt: number[] = [];
  let onNext: () => void = () => {};
  const watch = (): void => {
    panel.watch((down) => {
      told.push(down);
      toldAt.push(performance.now());
      onNext();
    });
  };
  /** Pulls the button and waits for its edge. */
  async function edge(up: boolean): Promise<void> {
    const next = new Promise<void>((done) => {
      onNext = done;
    });
    pull(up);
    await next;
  }

  before(() => {
    sh('test -e /sys/kernel/config/gpio-sim/panel || /usr/lib/tandem-rack/panel-make');
    panel = openPanel((text) => failures.push(text))!;
    watch();
  });
  after(() => panel.close());

  test('is found by its chip’s label, in a kernel whose numbers do not begin at 0', () => {
    assert.ok(numberOf(board.leds.power, chips()) >= 512);
    assert.equal(numberOf(board.button, chips()) - numberOf(board.leds.power, chips()), 4);
  });

  test('is dark at first, and each LED lights alone', () => {
    assert.deepEqual(levels(), [0, 0, 0, 0]);
    for (const led of LEDS) {
      panel.set(led, true);
      assert.deepEqual(
        levels(),
        LEDS.map((other) => Number(other === led)),
      );
      panel.set(led, false);
    }
  });

  test('tells both edges of the button, and its level at any time', async () => {
    told.length = 0;
    assert.equal(panel.isDown(), false);
    await edge(true);
    assert.equal(panel.isDown(), true);
    await edge(false);
    assert.deepEqual(told, [true, false]);
  });

  test('takes over the lines that a process before it has left', async () => {
    panel.set('fault', true);
    assert.equal(level(3), 1);
    const next = openPanel((text) => failures.push(text))!;
    assert.deepEqual(levels(), [0, 0, 0, 0]);
    next.close();
    panel.close();
    panel = openPanel((text) => failures.push(text))!;
    watch();
    await edge(true);
    await edge(false);
  });

  test('a line that is active low is dark when high, and pressed when low', () => {
    panel.close();
    const low = { ...board, leds: { ...board.leds, role: { ...board.leds.role, activeLow: true } } };
    const other = onLines({ ...low, button: { ...board.button, activeLow: true } }, chips(), () => {});
    assert.equal(level(1), 1);
    other.set('role', true);
    assert.equal(level(1), 0);
    assert.equal(other.isDown(), true);
    other.close();
    panel = openPanel((text) => failures.push(text))!;
    watch();
  });

  test('a line that makes more edges than a contact is no longer listened to for a while, and that is said once', async () => {
    told.length = 0;
    toldAt.length = 0;
    failures.length = 0;
    for (let pulls = 0; pulls < 16 * MAX_EDGES && failures.length === 0; pulls += 1) {
      pull(pulls % 2 === 0);
      await new Promise((turn) => setImmediate(turn));
    }
    assert.deepEqual(failures, ['its line makes too many edges to follow']);
    // A slow processor may need more than one window for so many: the last one has them all, the others less.
    const end = toldAt.at(-1)!;
    const before = end - toldAt.at(-MAX_EDGES)!;
    assert.ok(before < 2 * WINDOW_MS, `the last ${MAX_EDGES} within ${before} ms`);
    const windows = Math.ceil((end - toldAt[0]!) / WINDOW_MS);
    assert.ok(told.length <= windows * MAX_EDGES, `${told.length} in ${windows} windows`);
    told.length = 0;
    const level = new Promise<void>((done) => {
      onNext = done;
    });
    pull(true);
    await level;
    assert.deepEqual(told, [true], 'its level, once it is listened to again');
    await edge(false);
  });
});
