import {
  allChecks,
  type CheckSpec,
  type CheckState,
  checkIn,
  type HealthEffect,
  type HealthEvent,
  type HealthState,
  initialHealth,
  isUp,
  type Known,
  shareOf,
  step,
  stuckChecks,
  type Verdict,
  type Word,
  wakeAt,
} from '../../core/health/index.ts';
import type { Cancel, Clock, Close } from '../../ports/clock.ts';
import type { Prober } from '../../ports/health.ts';
import { createLateness } from './lateness.ts';

export interface VerdictChange {
  readonly id: string;
  readonly was: Verdict;
  readonly verdict: 'up' | 'down';
  readonly reason: string;
}

export interface ChecksHooks {
  verdict(change: VerdictChange): void;
  /** A share, a warning or the reason of a server that is down has changed. */
  news(): void;
  /** This box's own address from which a server is asked; undefined = as the kernel chooses. */
  sourceFor(address: string): string | undefined;
}

export interface Checks {
  /**
   * The checks of a document from here on; see `adoptedVerdicts` for what a fresh start takes from the kernel.
   * @param known by check id, what the process before this one had proved
   */
  replace(
    specs: readonly CheckSpec[],
    adopted: Readonly<Record<string, 'up' | 'down'>>,
    known?: ReadonlyMap<string, Known>,
  ): void;
  /** By check id, what the twin has proved. */
  heed(words: ReadonlyMap<string, Word>): void;
  all(): readonly CheckState[];
  isUp(id: string | undefined): boolean;
  /** Percent of its weight that a server asks for. */
  shareOf(id: string | undefined): number;
  get(id: string): CheckState | undefined;
  /** Checks that have proven nothing for so long that the checker must be at fault. */
  stuck(): number;
  /** ms by which questions went out late, the 99th of 100 of the last 512; null before the first. */
  lateP99(): number | null;
  readonly close: Close;
}

/** Questions that fall due within so many ms go out together: a wake-up of the process costs more than a question. */
const BUNCH_MS = 3;

/** Runs the health core: asks through the prober, hands on each turned verdict. */
export function createChecks(prober: Prober, clock: Clock, hooks: ChecksHooks): Checks {
  let state: HealthState = initialHealth;
  let timer: { readonly at: number; readonly cancel: Cancel } | undefined;
  let tickedAt = Number.NEGATIVE_INFINITY;
  const asking = new Map<string, Cancel>();
  /** By server's address, for the document that is in force. */
  const sources = new Map<string, string | undefined>();
  const lateness = createLateness();

  function post(event: HealthEvent): void {
    const stepped = step(state, event, clock.now());
    state = stepped.state;
    stepped.effects.forEach(run);
    arm(Math.max(wakeAt(state), tickedAt + BUNCH_MS));
  }

  /** A timer that stands and is early stays: it finds nothing due and is set anew, and most events need no other. */
  function arm(at: number): void {
    if (timer !== undefined && timer.at <= at) return;
    timer?.cancel();
    timer = at === Number.POSITIVE_INFINITY ? undefined : { at, cancel: clock.at(at, tick) };
  }

  function tick(): void {
    timer = undefined;
    tickedAt = clock.now();
    post({ type: 'tick' });
  }

  function run(effect: HealthEffect): void {
    switch (effect.type) {
      case 'probe':
        lateness.add(effect.late);
        ask(effect.spec, effect.attempt);
        return;
      case 'verdict':
        hooks.verdict(effect);
        return;
      case 'news':
        hooks.news();
        return;
    }
  }

  function sourceOf(address: string): string | undefined {
    if (!sources.has(address)) sources.set(address, hooks.sourceFor(address));
    return sources.get(address);
  }

  function ask({ id, address, port, timeout, question }: CheckSpec, attempt: number): void {
    asking.get(id)?.();
    const source = sourceOf(address);
    const target = { address, port, timeout, question, ...(source === undefined ? {} : { source }) };
    const cancel = prober.ask(target, (answer) => {
      asking.delete(id);
      post({ type: 'answer', id, attempt, ...answer });
    });
    asking.set(id, cancel);
  }

  return {
    replace(specs, adopted, known) {
      sources.clear();
      const kept = new Set(specs.map((spec) => spec.id));
      for (const [id, cancel] of asking) {
        if (kept.has(id)) continue;
        cancel();
        asking.delete(id);
      }
      post({ type: 'checks', specs, adopted, ...(known === undefined ? {} : { known }) });
    },
    heed: (words) => post({ type: 'twin', words }),
    all: () => allChecks(state.book),
    isUp: (id) => isUp(state, id),
    shareOf: (id) => shareOf(state, id),
    get: (id) => checkIn(state.book, id),
    stuck: () => stuckChecks(state, clock.now()),
    lateP99: lateness.p99,
    close() {
      timer?.cancel();
      timer = undefined;
      for (const cancel of asking.values()) cancel();
      asking.clear();
    },
  };
}
