import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PanelView } from '../../../../src/core/panel/index.ts';
import type { Led } from '../../../../src/model/panel.ts';
import { type PanelHooks, runPanel } from '../../../../src/shell/lane/panel.ts';
import { FakeClock } from '../../../fakes/clock.ts';

const serving: PanelView = {
  role: 'active',
  twin: 'heard',
  handingOver: false,
  controllerHeard: true,
  ready: true,
  alarms: [],
};

function bench(hooks: Partial<PanelHooks> = {}, set?: (led: Led, on: boolean) => void) {
  const clock = new FakeClock();
  const lit: Partial<Record<Led, boolean>> = {};
  const said: string[] = [];
  const box = { view: serving as PanelView | undefined, writes: 0 };
  let changed: (down: boolean) => void = () => {};
  const panel = {
    set(led: Led, on: boolean) {
      box.writes += 1;
      set?.(led, on);
      lit[led] = on;
    },
    isDown: () => false,
    watch(tell: (down: boolean) => void) {
      changed = tell;
      tell(false);
      return () => {};
    },
    release: () => '',
    close: () => {},
  };
  const runner = runPanel(clock, panel, {
    view: () => box.view,
    handOver: async () => ({ ok: true, text: 'handed over' }),
    factoryReset: async () => {},
    log: (line) => said.push(line),
    ...hooks,
  });
  const press = (ms: number): void => {
    changed(true);
    clock.advance(ms);
    changed(false);
    clock.advance(400);
  };
  return { clock, runner, lit, said, box, press, changed: (down: boolean) => changed(down) };
}

test('the LEDs follow the view, and a panel that shows something steady wakes nobody', () => {
  const { lit, clock, runner, box } = bench();
  assert.deepEqual(lit, { power: true, role: true, peer: true, fault: false });
  assert.equal(clock.timers, 0);
  const before = box.writes;
  runner.look();
  runner.look();
  assert.equal(clock.timers, 1);
  clock.advance(1);
  assert.equal(box.writes, before);
  box.view = { ...serving, role: 'standby' };
  runner.look();
  clock.advance(1);
  assert.equal(lit.role, false);
});

test('the button hands over as the front panel, and a refusal is logged in the lane’s words and shown', async () => {
  const asked: string[] = [];
  const { press, said, lit, clock } = bench({
    async handOver(by) {
      asked.push(by);
      return { ok: false, text: 'b is not ready' };
    },
  });
  press(3000);
  await Promise.resolve();
  assert.deepEqual(asked, ['the front panel']);
  assert.ok(said.includes('button: b is not ready'), said.join('\n'));
  const seen = new Set<boolean | undefined>();
  for (let i = 0; i < 20; i += 1) {
    clock.advance(50);
    seen.add(lit.fault);
  }
  assert.deepEqual([...seen].sort(), [false, true]);
});

test('what would help against a refusal is logged with it', async () => {
  const { press, said } = bench({
    handOver: async () => ({ ok: false, text: 'b knows 3 of 100 connections', remedy: 'wait' }),
  });
  press(3000);
  await Promise.resolve();
  assert.ok(said.includes('button: b knows 3 of 100 connections; remedy: wait'), said.join('\n'));
});

test('a factory reset that fails is told', async () => {
  const { press, said } = bench({
    async factoryReset() {
      throw new Error('the disk is full');
    },
  });
  press(10_000);
  press(300);
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(said.includes('button: the disk is full'), said.join('\n'));
});

test('a line that cannot be written is told once, and the others go on', () => {
  const { lit, said, clock, box, runner } = bench({}, (led) => {
    if (led === 'power') throw new Error('EIO');
  });
  assert.deepEqual(lit, { role: true, peer: true, fault: false });
  box.view = undefined;
  runner.look();
  clock.advance(10_000);
  assert.deepEqual(said, ['front panel, power: EIO']);
});

test('a stuck button is an alarm', () => {
  const { changed, clock, runner } = bench();
  assert.deepEqual(runner.alarms(), []);
  changed(true);
  clock.advance(31_000);
  assert.deepEqual(
    runner.alarms().map(({ code }) => code),
    ['button-stuck'],
  );
});
