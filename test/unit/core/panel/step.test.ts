import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createPanel,
  type PanelEffect,
  type PanelEvent,
  type PanelView,
  step,
  wakeAt,
} from '../../../../src/core/panel/index.ts';
import { LEDS, type Led } from '../../../../src/model/panel.ts';

const calm: PanelView = {
  role: 'active',
  twin: 'heard',
  handingOver: false,
  controllerHeard: true,
  ready: true,
  alarms: [],
};

/** A panel that is driven as its shell does: every wake-up that it asks for, and the events in between. */
function bench(down = false) {
  let state = createPanel(down);
  let now = 0;
  const effects: PanelEffect[] = [];
  const changes: { readonly led: Led; readonly on: boolean; readonly at: number }[] = [];
  const feed = (event: PanelEvent): void => {
    const stepped = step(state, event, now);
    state = stepped.state;
    for (const effect of stepped.effects) {
      if (effect.type === 'led') changes.push({ led: effect.led, on: effect.on, at: now });
      else effects.push(effect);
    }
  };
  const run = (until: number): void => {
    for (let wake = wakeAt(state, now); wake <= until; wake = wakeAt(state, now)) {
      assert.ok(wake > now, `wakes at ${wake}, it is ${now}`);
      now = wake;
      feed({ type: 'tick' });
    }
    now = until;
  };
  feed({ type: 'tick' });
  return {
    feed,
    run,
    now: () => now,
    view: (view: Partial<PanelView>) => feed({ type: 'view', view: { ...calm, ...view } }),
    press: (ms: number) => {
      feed({ type: 'button', down: true });
      run(now + ms);
      feed({ type: 'button', down: false });
      run(now + 400);
    },
    lit: () => LEDS.filter((led) => state.lit[led]),
    asked: () => effects.filter(({ type }) => type !== 'say').map(({ type }) => type),
    said: () => effects.flatMap((effect) => (effect.type === 'say' ? [effect.text] : [])),
    /** Times between two moments at which the LED was lit, ms, over the next `ms`. */
    periods: (led: Led, ms: number) => {
      const from = now;
      run(now + ms);
      const ons = changes.filter((change) => change.led === led && change.on && change.at > from).map(({ at }) => at);
      return ons.slice(1).map((at, index) => at - ons[index]!);
    },
  };
}

const only = (times: readonly number[]): number => {
  assert.ok(times.length > 2, `blinked ${times.length} times`);
  assert.equal(new Set(times).size, 1, `irregular: ${times}`);
  return times[0]!;
};

test('booting blinks the power LED alone until the kernel held the document once', () => {
  const panel = bench();
  assert.equal(only(panel.periods('power', 5000)), 1000);
  panel.view({ ready: false });
  assert.equal(only(panel.periods('power', 5000)), 1000);
  panel.view({});
  panel.run(panel.now() + 3000);
  assert.deepEqual(panel.lit(), ['power', 'role', 'peer']);
});

test('standby is dark on role, a lost twin blinks and one never heard is dark', () => {
  const panel = bench();
  panel.view({ role: 'standby' });
  assert.deepEqual(panel.lit(), ['power', 'peer']);
  panel.view({ twin: 'lost' });
  assert.equal(only(panel.periods('peer', 5000)), 1000);
  panel.view({ twin: 'never' });
  assert.deepEqual(panel.lit(), ['power', 'role']);
});

test('a dead controller shows on the power LED while the role stays true', () => {
  const panel = bench();
  panel.view({ controllerHeard: false });
  assert.equal(only(panel.periods('power', 6000)), 1200);
  assert.ok(panel.lit().includes('role'));
});

test('an alarm blinks until somebody presses, and blinks again when it comes back or another comes', () => {
  const panel = bench();
  panel.view({ alarms: ['link-silent serial'] });
  assert.equal(only(panel.periods('fault', 5000)), 1000);
  panel.press(200);
  assert.ok(panel.lit().includes('fault'));
  assert.deepEqual(panel.periods('fault', 5000), []);
  panel.view({ alarms: ['link-silent serial', 'nic-down public'] });
  assert.equal(only(panel.periods('fault', 5000)), 1000);
  panel.press(200);
  panel.view({});
  assert.ok(!panel.lit().includes('fault'));
  panel.view({ alarms: ['link-silent serial'] });
  assert.equal(only(panel.periods('fault', 5000)), 1000);
  assert.deepEqual(panel.asked(), []);
});

test('a short press without alarms shows which box it is, for ten seconds', () => {
  const panel = bench();
  panel.view({});
  panel.press(200);
  for (const led of LEDS) assert.equal(only(panel.periods(led, 2000)), 400);
  panel.run(panel.now() + 10_000);
  assert.deepEqual(panel.periods('power', 3000), []);
});

test('three seconds ask for a hand-over; a refusal is shown for three seconds and said', () => {
  const panel = bench();
  panel.view({ role: 'standby' });
  panel.press(3000);
  assert.deepEqual(panel.asked(), ['hand-over']);
  panel.feed({ type: 'answer', ok: false, text: 'refused: this router is not active' });
  assert.equal(only(panel.periods('fault', 2500)), 400);
  panel.run(panel.now() + 1000);
  assert.deepEqual(panel.periods('fault', 3000), []);
  assert.ok(panel.said().includes('button: refused: this router is not active'));
});

test('while it is held, the panel says what letting go would mean', () => {
  const panel = bench();
  panel.view({});
  panel.feed({ type: 'button', down: true });
  panel.run(panel.now() + 3000);
  assert.equal(only(panel.periods('role', 2000)), 400);
  panel.run(panel.now() + 5000);
  assert.equal(only(panel.periods('power', 2000)), 400);
});

test('ten seconds arm the factory reset, which only a short press soon after confirms', () => {
  const confirmed = bench();
  confirmed.press(10_000);
  assert.deepEqual(confirmed.asked(), []);
  confirmed.press(300);
  assert.deepEqual(confirmed.asked(), ['factory-reset']);

  const late = bench();
  late.press(10_000);
  late.run(late.now() + 11_000);
  late.press(300);
  assert.deepEqual(late.asked(), []);

  const calledOff = bench();
  calledOff.press(10_000);
  calledOff.press(3000);
  calledOff.press(300);
  assert.deepEqual(calledOff.asked(), []);
});

test('a button that is down from the start, or for half a minute, is told and does nothing', () => {
  const leaning = bench(true);
  leaning.view({});
  assert.equal(only(leaning.periods('fault', 5000)), 1000);
  leaning.feed({ type: 'button', down: false });
  leaning.run(leaning.now() + 100);
  assert.ok(!leaning.lit().includes('fault'));
  assert.deepEqual(leaning.asked(), []);

  const stuck = bench();
  stuck.view({});
  stuck.press(45_000);
  assert.deepEqual(stuck.asked(), []);
  assert.equal(stuck.said().filter((line) => line.includes('stuck')).length, 1);
});

test('no presses shorter than a hand-over reset or hand over anything, however many and at whatever pace', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 2600 }), fc.integer({ min: 1, max: 5000 })), { maxLength: 30 }),
      (presses) => {
        const panel = bench();
        panel.view({});
        for (const [ms, pause] of presses) {
          panel.press(ms);
          panel.run(panel.now() + pause);
        }
        assert.deepEqual(panel.asked(), []);
      },
    ),
  );
});

test('a contact that bounces after ten seconds does not confirm the factory reset by itself', () => {
  const bounce = bench();
  bounce.view({});
  bounce.feed({ type: 'button', down: true });
  bounce.run(bounce.now() + 10_000);
  for (const down of [false, true, false]) {
    bounce.feed({ type: 'button', down });
    bounce.run(bounce.now() + 40);
  }
  bounce.run(bounce.now() + 100);
  assert.deepEqual(bounce.asked(), []);
  bounce.run(bounce.now() + 400);
  bounce.press(200);
  assert.deepEqual(bounce.asked(), ['factory-reset'], 'a press of its own does');
});

test('a controller that never speaks is told as dead after a minute, not as booting for ever', () => {
  const panel = bench();
  panel.view({ ready: false, controllerHeard: false });
  panel.run(50_000);
  assert.equal(only(panel.periods('power', 8000)), 1000);
  panel.run(61_000);
  assert.equal(only(panel.periods('power', 8000)), 1200);
  panel.view({ ready: false });
  assert.equal(only(panel.periods('power', 8000)), 1000, 'and boots when it speaks');
});
