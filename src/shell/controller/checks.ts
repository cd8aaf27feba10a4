import {
  type CheckSpec,
  type CheckState,
  checkIn,
  type HealthEvent,
  type HealthState,
  initialHealth,
  isUp,
  step,
  type Verdict,
  wakeAt,
} from '../../core/health/index.ts';
import type { Cancel, Clock, Close } from '../../ports/clock.ts';
import type { Prober } from '../../ports/health.ts';

export interface VerdictChange {
  readonly id: string;
  readonly was: Verdict;
  readonly verdict: 'up' | 'down';
  readonly reason: string;
}

export interface Checks {
  /** The checks of a document from here on; see `adoptedVerdicts` for what a fresh start takes from the kernel. */
  replace(specs: readonly CheckSpec[], adopted: Readonly<Record<string, 'up' | 'down'>>): void;
  isUp(id: string | undefined): boolean;
  get(id: string): CheckState | undefined;
  readonly close: Close;
}

/** Runs the health core: asks through the prober, hands on each turned verdict. */
export function createChecks(prober: Prober, clock: Clock, onVerdict: (change: VerdictChange) => void): Checks {
  let state: HealthState = initialHealth;
  let timer: Cancel | undefined;
  const asking = new Map<string, Cancel>();

  function post(event: HealthEvent): void {
    const stepped = step(state, event, clock.now());
    state = stepped.state;
    for (const effect of stepped.effects) {
      if (effect.type === 'verdict') onVerdict(effect);
      else ask(effect.id, effect.attempt, effect);
    }
    timer?.();
    const at = wakeAt(state);
    timer = at === Number.POSITIVE_INFINITY ? undefined : clock.at(at, () => post({ type: 'tick' }));
  }

  function ask(id: string, attempt: number, target: { address: string; port: number; timeout: number }): void {
    asking.get(id)?.();
    const cancel = prober.connect(target, (answer) => {
      asking.delete(id);
      post({ type: 'answer', id, attempt, ...answer });
    });
    asking.set(id, cancel);
  }

  return {
    replace(specs, adopted) {
      const kept = new Set(specs.map((spec) => spec.id));
      for (const [id, cancel] of asking) {
        if (kept.has(id)) continue;
        cancel();
        asking.delete(id);
      }
      post({ type: 'checks', specs, adopted });
    },
    isUp: (id) => isUp(state, id),
    get: (id) => checkIn(state.book, id),
    close() {
      timer?.();
      timer = undefined;
      for (const cancel of asking.values()) cancel();
      asking.clear();
    },
  };
}
