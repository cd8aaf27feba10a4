import { type DriftHold, MAX_DRIFT_HOLD_MS } from '../../model/drift.ts';
import type { Cancel, Clock, Close } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';
import type { Alarms } from './alarms.ts';
import type { Ledger } from './ledger.ts';
import type { Settled } from './reconciler.ts';

/** Whether drift is left alone; outlives a restart and ends at its deadline. */
export interface DriftHolding {
  get(): DriftHold | undefined;
  /** Replaces the one that stands. @throws TandemError `io`; nothing is changed then. */
  hold(hold: DriftHold): void;
  /** Answers the round that repaired what was left alone. @throws TandemError `io`; nothing is changed then. */
  resume(by: string): Settled | undefined;
  /** Says how many differences are left alone. */
  show(left: number): void;
  readonly close: Close;
}

/** @param onTurn called with each change, once at the making of it when a hold stands */
export function createDriftHolding(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  alarms: Pick<Alarms, 'set'>,
  ledger: Pick<Ledger, 'record'>,
  onTurn: (held: boolean) => Settled | undefined,
): DriftHolding {
  let standing = store.driftHold();
  let left = 0;
  let timer: Cancel | undefined;

  function show(): void {
    if (standing === undefined) {
      alarms.set({ code: 'drift-held', subject: '', text: '' }, false);
      return;
    }
    const { reason, by, until } = standing;
    const why = reason === '' ? '' : `: ${reason}`;
    const count = left === 1 ? 'one difference is' : `${left} differences are`;
    const text = `${by} holds the repair of drift until ${utc(until)}${why}; ${count} left alone`;
    alarms.set({ code: 'drift-held', subject: '', text }, true);
  }

  function end(by: string): Settled | undefined {
    standing = undefined;
    left = 0;
    timer?.();
    timer = undefined;
    ledger.record('drift-resumed', `drift is repaired again (${by})`, null);
    show();
    return onTurn(false);
  }

  function arm(until: number): void {
    timer?.();
    // A wall clock that was set back must not make a hold longer than any may be.
    const ms = Math.min(Math.max(until - clock.wall(), 0), MAX_DRIFT_HOLD_MS);
    timer = clock.at(clock.now() + ms, () => {
      try {
        store.setDriftHold(undefined);
      } catch {
        // A disk that refuses leaves a row whose deadline has passed: it ends at the next start.
      }
      end('its time is over');
    });
  }

  if (standing !== undefined) {
    onTurn(true);
    arm(standing.until);
    show();
  }

  return {
    get: () => standing,
    hold(hold) {
      store.setDriftHold(hold);
      standing = hold;
      const why = hold.reason === '' ? '' : `: ${hold.reason}`;
      ledger.record('drift-held', `drift is left alone until ${utc(hold.until)} (${hold.by}${why})`, null);
      onTurn(true);
      arm(hold.until);
      show();
    },
    resume(by) {
      store.setDriftHold(undefined);
      return end(by);
    },
    show(count) {
      if (standing === undefined || count === left) return;
      left = count;
      show();
    },
    close() {
      timer?.();
      timer = undefined;
    },
  };
}

/** `2026-11-22 15:40:01Z` */
const utc = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
