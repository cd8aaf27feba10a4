import {
  type DesiredState,
  initialReconcile,
  type ReconcileEffect,
  type ReconcileEvent,
  type ReconcileState,
  step,
  type Wish,
  wakeAt,
} from '../../core/reconcile/index.ts';
import type { Drifted } from '../../model/drift.ts';
import type { IpvsState } from '../../model/ipvs.ts';
import type { Alarm } from '../../model/pair.ts';
import type { Cancel, Clock, Close } from '../../ports/clock.ts';
import { type Kernel, observe, runPlan } from './kernel.ts';
import { createRest } from './rest.ts';

export type Settled = Extract<ReconcileEffect, { type: 'settled' }>;

export interface ReconcilerHooks {
  /** A round, which lets nothing else run, has come further. */
  step(): void;
  record(kind: string, text: string, lines: readonly string[]): void;
  alarm(alarm: Alarm, raised: boolean): void;
  /** What others have changed, and what became of it. */
  drifted(drifted: readonly Drifted[]): void;
  /** The kernel's table, whenever a round has read it: once a second at least while all is well. */
  observed(ipvs: IpvsState): void;
  /** Each round's end, sweeps included. */
  settled(round: Settled): void;
}

export interface Reconciler {
  /** Replaces the desired state and runs a round; returns how it ended. */
  want(desired: DesiredState, reason: Wish): Settled | undefined;
  /** Leaves drift alone from here on, or repairs it at once; answers how that round ended. */
  hold(held: boolean): Settled | undefined;
  state(): ReconcileState;
  readonly close: Close;
}

/**
 * Runs the reconcile core on this box's kernel. A round is synchronous from the first read to the last, because netlink
 * is; rounds are started by a new desired state, the kernel's notifications and the core's own timer.
 * Only the timer heeds the rest after a round: a wish is heeded at once, and a kernel that does not hold what is wanted is tried
 * again, or the lane would hand the floats over. Rounds of up to 250 ms leave the sweep at one a second.
 */
export function createReconciler(kernel: Kernel, clock: Clock, hooks: ReconcilerHooks): Reconciler {
  let state: ReconcileState = initialReconcile;
  let timer: Cancel | undefined;
  let running = false;
  let last: Settled | undefined;
  const mailbox: ReconcileEvent[] = [];
  const rest = createRest(clock);

  function post(event: ReconcileEvent): void {
    mailbox.push(event);
    if (running) return;
    running = true;
    try {
      rest.after(round);
    } finally {
      running = false;
    }
    rearm();
  }

  function round(): void {
    for (let next = mailbox.shift(); next !== undefined; next = mailbox.shift()) {
      const stepped = step(state, next, clock.now());
      state = stepped.state;
      for (const effect of stepped.effects) {
        run(effect);
        hooks.step();
      }
    }
  }

  function run(effect: ReconcileEffect): void {
    switch (effect.type) {
      case 'read':
        mailbox.push(look());
        return;
      case 'apply':
        mailbox.push({ type: 'applied', refused: runPlan(kernel, effect.plan) });
        return;
      case 'record':
        hooks.record(effect.kind, effect.text, effect.lines);
        return;
      case 'alarm':
        hooks.alarm(effect.alarm, effect.raised);
        return;
      case 'drifted':
        hooks.drifted(effect.drifted);
        return;
      case 'settled':
        last = effect;
        hooks.settled(effect);
        return;
    }
  }

  function look(): ReconcileEvent {
    try {
      const observation = observe(kernel, state.desired!);
      hooks.observed(observation.ipvs);
      return { type: 'observed', observation };
    } catch (error) {
      return { type: 'unreadable', text: error instanceof Error ? error.message : String(error) };
    }
  }

  function rearm(): void {
    timer?.();
    const at = wakeAt(state);
    if (at === Number.POSITIVE_INFINITY) timer = undefined;
    else timer = clock.at(state.verified ? Math.max(at, rest.until()) : at, () => post({ type: 'tick' }));
  }

  const unwatch = kernel.network.watch(() => post({ type: 'notified' }));

  return {
    want(desired, reason) {
      last = undefined;
      post({ type: 'desired', desired, reason });
      return last;
    },
    hold(held) {
      last = undefined;
      post({ type: 'hold', held });
      return last;
    },
    state: () => state,
    close() {
      unwatch();
      timer?.();
      timer = undefined;
    },
  };
}
