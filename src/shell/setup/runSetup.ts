import {
  initialSetup,
  type SetupEffect,
  type SetupEvent,
  type SetupState,
  step,
  wakeAt,
} from '../../core/setup/index.ts';
import type { Cancel } from '../../ports/clock.ts';
import { createAsks } from './asks.ts';
import type { Found, SetupPorts } from './ports.ts';

/** The conversation at work on a real terminal: events in order, one timer, questions to the box beside it. */
export interface SetupRunner {
  /** Keys from the terminal. */
  type(bytes: Uint8Array): void;
  readonly state: () => SetupState;
}

export function runSetup(ports: SetupPorts, found: Found): SetupRunner {
  const answer = createAsks(ports);
  const asking = new Map<number, AbortController>();
  let state = initialSetup;
  let timer: Cancel = () => {};

  function post(event: SetupEvent): void {
    const stepped = step(state, event, ports.clock.now());
    state = stepped.state;
    for (const effect of stepped.effects) run(effect);
    timer();
    const wake = wakeAt(state);
    timer = Number.isFinite(wake) ? ports.clock.at(wake, () => post({ type: 'tick' })) : () => {};
  }

  function run(effect: SetupEffect): void {
    switch (effect.type) {
      case 'print':
        ports.write(effect.text);
        break;
      case 'save':
        ports.keep(effect.text);
        break;
      case 'cancel':
        asking.get(effect.id)?.abort();
        break;
      case 'end':
        ports.end();
        break;
      case 'ask':
        ask(effect);
        break;
    }
  }

  function ask({ id, ask: what }: Extract<SetupEffect, { type: 'ask' }>): void {
    const stop = new AbortController();
    asking.set(id, stop);
    answer(what, (lines) => post({ type: 'progress', id, lines }), stop.signal).then((reply) => {
      asking.delete(id);
      post({ type: 'reply', id, reply });
    });
  }

  const box = { node: found.node, banner: found.banner };
  post({ type: 'start', box, ...(found.saved === undefined ? {} : { saved: found.saved }) });
  return { type: (bytes) => post({ type: 'bytes', bytes }), state: () => state };
}
