import {
  buttonStuck,
  createPanel,
  type PanelEffect,
  type PanelEvent,
  type PanelView,
  step,
  wakeAt,
} from '../../core/panel/index.ts';
import type { Alarm } from '../../model/pair.ts';
import type { Cancel, Clock } from '../../ports/clock.ts';
import type { Panel } from '../../ports/panel.ts';
import type { LaneAnswer } from './lane.ts';

/** What the panel needs of the lane that drives it. */
export interface PanelHooks {
  /** undefined while there is no document. */
  view(): PanelView | undefined;
  handOver(by: string): Promise<LaneAnswer>;
  /** Makes the box forget what it is and starts it again. */
  factoryReset(): Promise<void>;
  /** One line for the log. */
  log(line: string): void;
}

export interface PanelRunner {
  /** The view may have changed. Returns at once; the LEDs follow when the lane has nothing else to do. */
  look(): void;
  alarms(): readonly Alarm[];
}

const STUCK: Alarm = {
  code: 'button-stuck',
  subject: '',
  text: 'the front panel’s button is held down: see what leans on it',
};

/** The panel core at work on real lines. A line that fails is told once and costs the lane nothing more. */
export function runPanel(clock: Clock, panel: Panel, hooks: PanelHooks): PanelRunner {
  const failed = new Set<string>();
  let timer: Cancel = () => {};
  let looking = false;
  let state = createPanel(attempt('button', () => panel.isDown()) ?? false);

  function attempt<T>(line: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!failed.has(line)) hooks.log(`front panel, ${line}: ${error instanceof Error ? error.message : error}`);
      failed.add(line);
      return undefined;
    }
  }

  function post(event: PanelEvent): void {
    const now = clock.now();
    const stepped = step(state, event, now);
    state = stepped.state;
    stepped.effects.forEach(run);
    timer();
    const wake = wakeAt(state, now);
    timer = wake === Number.POSITIVE_INFINITY ? () => {} : clock.at(wake, () => post({ type: 'tick' }));
  }

  function run(effect: PanelEffect): void {
    switch (effect.type) {
      case 'led':
        attempt(effect.led, () => panel.set(effect.led, effect.on));
        return;
      case 'hand-over':
        hooks.handOver('the front panel').then(
          ({ ok, text, remedy }) =>
            post({ type: 'answer', ok, text: remedy === undefined ? text : `${text}; remedy: ${remedy}` }),
          (error: unknown) =>
            post({ type: 'answer', ok: false, text: error instanceof Error ? error.message : String(error) }),
        );
        return;
      case 'factory-reset':
        hooks
          .factoryReset()
          .catch((error: unknown) =>
            post({ type: 'answer', ok: false, text: error instanceof Error ? error.message : String(error) }),
          );
        return;
      case 'say':
        hooks.log(effect.text);
        return;
    }
  }

  attempt('button', () => panel.watch((down) => post({ type: 'button', down })));
  post({ type: 'view', view: hooks.view() });

  return {
    look() {
      if (looking) return;
      looking = true;
      clock.at(clock.now(), () => {
        looking = false;
        post({ type: 'view', view: hooks.view() });
      });
    },
    alarms: () => (buttonStuck(state) ? [STUCK] : []),
  };
}
