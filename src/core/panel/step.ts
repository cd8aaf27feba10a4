import { LEDS, type Led } from '../../model/panel.ts';
import { edge, promised, restingButton, settle, settlesAt } from './button.ts';
import { type Condition, changesAt, lit, shines } from './patterns.ts';
import type { PanelEffect, PanelEvent, PanelState, PanelView } from './types.ts';

/** How long each is shown, ms. */
const SHOWN = { identify: 10_000, refused: 3000, armed: 10_000 } as const;

/** A controller that has not been heard for so long since the start is dead, not slow to start, ms. */
const BOOTING = 60_000;

/** A press that begins so soon after the last one's end is a bad contact under the same finger, ms. */
const AGAIN = 300;

/** @param down the button's line as it was first seen: whoever holds it then did not mean this process. */
export const createPanel = (down: boolean): PanelState => ({
  startedAt: undefined,
  view: undefined,
  booted: false,
  button: { ...restingButton, raw: down, down, stuck: down },
  releasedAt: Number.NEGATIVE_INFINITY,
  acknowledged: [],
  identifyUntil: 0,
  refusedUntil: 0,
  armedUntil: 0,
  lit: {},
});

interface Stepped {
  readonly state: PanelState;
  readonly effects: readonly PanelEffect[];
}

/** What one event means for LEDs and button at `now`, monotonic ms, never less than before. Pure. */
export function step(before: PanelState, event: PanelEvent, now: number): Stepped {
  const effects: PanelEffect[] = [];
  const heard = hear({ ...before, startedAt: before.startedAt ?? now }, event, now, effects);
  const state = press(heard, now, effects);
  const shown = shines(conditions(state, now));
  const lights: Partial<Record<Led, boolean>> = {};
  for (const led of LEDS) {
    const on = lit(shown[led], now);
    lights[led] = on;
    if (state.lit[led] !== on) effects.push({ type: 'led', led, on });
  }
  return { state: { ...state, lit: lights }, effects };
}

/** When `tick` is wanted, monotonic ms, later than `now`; infinity = not at all. */
export function wakeAt(state: PanelState, now: number): number {
  const shown = shines(conditions(state, now));
  const late = state.booted ? now : (state.startedAt ?? now) + BOOTING;
  const until = [state.identifyUntil, state.refusedUntil, state.armedUntil, late];
  const ends = until.filter((at) => at > now);
  const blinks = LEDS.map((led) => changesAt(shown[led], now));
  return Math.min(settlesAt(state.button, now), ...ends, ...blinks);
}

/** Held for so long that it is no press. */
export const buttonStuck = (state: PanelState): boolean => state.button.stuck;

function hear(state: PanelState, event: PanelEvent, now: number, effects: PanelEffect[]): PanelState {
  switch (event.type) {
    case 'view':
      return see(state, event.view);
    case 'button':
      return { ...state, button: edge(state.button, event.down, now) };
    case 'answer':
      effects.push({ type: 'say', text: `button: ${event.text}` });
      return event.ok ? state : { ...state, refusedUntil: now + SHOWN.refused };
    case 'tick':
      return state;
  }
}

function see(state: PanelState, view: PanelView | undefined): PanelState {
  const booted = state.booted || view?.ready === true;
  // An alarm that went and came back is a new one.
  const acknowledged = state.acknowledged.filter((key) => view?.alarms.includes(key));
  return { ...state, view, booted, acknowledged };
}

function press(state: PanelState, now: number, effects: PanelEffect[]): PanelState {
  const { button, press: pressed } = settle(state.button, now);
  const next = { ...state, button, releasedAt: state.releasedAt };
  if (button.stuck !== state.button.stuck) {
    effects.push({ type: 'say', text: button.stuck ? STUCK : 'button: it is up again' });
  }
  if (pressed === 'none') return next;
  const again = state.button.downAt - state.releasedAt < AGAIN;
  next.releasedAt = state.button.rawSince;
  if (again) return next;
  if (now < state.armedUntil) {
    const confirmed = pressed === 'short';
    effects.push({
      type: 'say',
      text: confirmed ? 'button: factory reset confirmed' : 'button: factory reset called off',
    });
    if (confirmed) effects.push({ type: 'factory-reset' });
    return { ...next, armedUntil: 0 };
  }
  if (pressed === 'hand-over') {
    effects.push({ type: 'say', text: 'button: hand-over asked for' }, { type: 'hand-over' });
    return next;
  }
  if (pressed === 'factory-reset') {
    effects.push({ type: 'say', text: 'button: factory reset armed: a short press within 10 s confirms it' });
    return { ...next, armedUntil: now + SHOWN.armed };
  }
  return acknowledge(next, now, effects);
}

const STUCK =
  'button: held down for 30 s and longer: it is stuck, or something leans on it; it does nothing until it is up';

/** A short press: the alarms have been seen; where there is nothing new to see, the box shows which it is. */
function acknowledge(state: PanelState, now: number, effects: PanelEffect[]): PanelState {
  const alarms = state.view?.alarms ?? [];
  if (alarms.some((key) => !state.acknowledged.includes(key))) {
    effects.push({ type: 'say', text: `button: alarms acknowledged: ${alarms.join(', ')}` });
    return { ...state, acknowledged: alarms };
  }
  effects.push({ type: 'say', text: 'button: the panel shows which box this is for 10 s' });
  return { ...state, identifyUntil: now + SHOWN.identify };
}

function conditions(state: PanelState, now: number): Set<Condition> {
  const { view, acknowledged, button } = state;
  const late = view?.controllerHeard === false && now - (state.startedAt ?? now) >= BOOTING;
  const held = promised(button, now);
  const found = new Set<Condition>();
  if (view !== undefined && (state.booted || late)) {
    found.add('running');
    if (!view.controllerHeard) found.add('controller dead');
    found.add(view.role === 'active' ? 'active' : 'standby');
    if (view.handingOver || held === 'hand-over') found.add('hand-over running');
    found.add(({ heard: 'twin heard', lost: 'peer lost', never: 'alone' } as const)[view.twin]);
    const seen = view.alarms.every((key) => acknowledged.includes(key));
    const alarmed = view.alarms.length > 0;
    found.add(button.stuck || (alarmed && !seen) ? 'fault' : alarmed ? 'fault acknowledged' : 'no fault');
  } else found.add('booting');
  if (now < state.refusedUntil) found.add('refused');
  if (now < state.identifyUntil) found.add('identify');
  if (now < state.armedUntil || held === 'factory-reset') found.add('factory reset armed');
  return found;
}
