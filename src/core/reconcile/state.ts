import type { Drifted, Finding } from '../../model/drift.ts';
import type { Alarm } from '../../model/pair.ts';
import type { Left, Touched } from './drift.ts';
import type { Facts } from './facts.ts';
import type { Fights } from './fights.ts';
import type { DesiredState, Drains, Observation, Plan, Refusal } from './types.ts';

/** Between two sweeps over a kernel that holds what it should: a change behind our back is repaired within 2 s. */
export const SWEEP_MS = 1000;
/** A burst of notifications is looked at once, this long after its first. */
export const NOTICE_MS = 50;
/** Retry after a pass that did not take: doubled each time, up to the maximum. */
export const RETRY_MS = 250;
export const RETRY_MAX_MS = 10_000;
/** Passes in a row before the rest waits for the next sweep. */
export const MAX_PASSES = 6;
/** How long a repaired difference stays on the panel. */
export const DRIFT_SHOWN_MS = 60_000;

/** Why this round looks at the kernel. */
/** What makes a new desired state. */
export type Wish = 'start' | 'document' | 'set' | 'health' | 'operator' | 'ramp';
export type Reason = Wish | 'sweep' | 'notification';

export interface ReconcileState {
  /** undefined = no document: the kernel is left alone. */
  readonly desired: DesiredState | undefined;
  readonly phase: 'idle' | 'reading' | 'applying';
  readonly reason: Reason;
  /** The round ends with the kernel's word that it took the steps, and a look of its own follows. */
  readonly unread: boolean;
  /** Passes of this round so far. */
  readonly passes: number;
  /** The plan that is with the kernel. */
  readonly running: Plan | undefined;
  /** The steps of the last pass, as printed: one that is planned again at once did not take. */
  readonly applied: readonly string[];
  /** All steps of this round, as printed. */
  readonly done: readonly string[];
  /** What the kernel refused in the last pass. */
  readonly refused: readonly Refusal[];
  readonly drains: Drains;
  /** What the last look found; undefined before the first. */
  readonly facts: Facts | undefined;
  /** What our own steps may have changed since then. */
  readonly touched: Touched;
  /** Drift is not repaired: an operator's word. */
  readonly held: boolean;
  /** What others have changed during a hold. */
  readonly left: Left;
  /** Drift that is to be repaired, of this round and of rounds that did not take. */
  readonly open: Left;
  /** Of that, what was found in this round. */
  readonly fresh: readonly Finding[];
  /** How often each was repaired of late. */
  readonly fights: Fights;
  /** The last look found everything right, save what a hold leaves alone. */
  readonly verified: boolean;
  /** Rounds in a row that did not take. */
  readonly failures: number;
  /** When to look again, monotonic ms. */
  readonly nextAt: number;
  /** Last repaired difference; undefined = none on the panel. */
  readonly driftAt: number | undefined;
  readonly warnings: readonly string[];
  /** The last look, when it found nothing to do for this desired state: one that says the same needs no plan. */
  readonly quiet: { readonly observation: Observation; readonly desired: DesiredState } | undefined;
}

export type ReconcileEvent =
  | { readonly type: 'desired'; readonly desired: DesiredState; readonly reason: Wish }
  /** Drift is left alone from here on, or repaired again. */
  | { readonly type: 'hold'; readonly held: boolean }
  /** The kernel said that something changed. */
  | { readonly type: 'notified' }
  /** Time has passed; wanted at `wakeAt(state)`. */
  | { readonly type: 'tick' }
  /** Answers to `read`. */
  | { readonly type: 'observed'; readonly observation: Observation }
  | { readonly type: 'unreadable'; readonly text: string }
  /** Answers to `apply`. */
  | { readonly type: 'applied'; readonly refused: readonly Refusal[] };

export type ReconcileEffect =
  | { readonly type: 'read' }
  /** Run all steps, go on after a refused one. */
  | { readonly type: 'apply'; readonly plan: Plan }
  /** For the ledger. */
  | { readonly type: 'record'; readonly kind: string; readonly text: string; readonly lines: readonly string[] }
  /** For the ledger of drift. */
  | { readonly type: 'drifted'; readonly drifted: readonly Drifted[] }
  | { readonly type: 'alarm'; readonly alarm: Alarm; readonly raised: boolean }
  /** The round has ended. `ok`: the kernel was read back (after `set`: took each step and is read back at once) and holds the desired state, save servers still draining and what a hold leaves alone. */
  | {
      readonly type: 'settled';
      readonly ok: boolean;
      /** Differences that others had made and that are gone. */
      readonly repaired: number;
      readonly reason: Reason;
      readonly steps: readonly string[];
      readonly refused: readonly Refusal[];
    };

export interface Reconciled {
  readonly state: ReconcileState;
  readonly effects: readonly ReconcileEffect[];
}

export const initialReconcile: ReconcileState = {
  desired: undefined,
  phase: 'idle',
  reason: 'start',
  unread: false,
  passes: 0,
  running: undefined,
  applied: [],
  done: [],
  refused: [],
  drains: {},
  facts: undefined,
  touched: new Set(),
  held: false,
  left: new Map(),
  open: new Map(),
  fresh: [],
  fights: new Map(),
  verified: false,
  failures: 0,
  nextAt: Number.POSITIVE_INFINITY,
  driftAt: undefined,
  warnings: [],
  quiet: undefined,
};

/** When `tick` is wanted, monotonic ms; infinity = not by time. */
export const wakeAt = (state: ReconcileState): number =>
  state.phase === 'idle' && state.desired !== undefined ? state.nextAt : Number.POSITIVE_INFINITY;
