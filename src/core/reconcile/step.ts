import { driftWords, type Finding } from '../../model/drift.ts';
import type { Alarm } from '../../model/pair.ts';
import { describePlan } from './describe.ts';
import { touchedBy, without } from './drift.ts';
import { judge, outcome } from './judge.ts';
import { type FullPlan, planAll } from './planAll.ts';
import { planWeights } from './planWeights.ts';
import { isQuiet } from './quiet.ts';
import {
  DRIFT_SHOWN_MS,
  MAX_PASSES,
  NOTICE_MS,
  RETRY_MAX_MS,
  RETRY_MS,
  type Reason,
  type Reconciled,
  type ReconcileEffect,
  type ReconcileEvent,
  type ReconcileState,
  SWEEP_MS,
} from './state.ts';
import { type DesiredState, isEmpty, type Observation } from './types.ts';

/**
 * One move of the level-triggered loop: read, plan, apply, read back, until a look finds nothing to do. Where only weights
 * turn, and the last look found all well, the first read is left out, and after `set` the second comes as a round of its own. A step that is
 * planned again right after it was applied did not take: alarm, and another try later. Never looks at how the kernel
 * came to be as it is, so a fresh start on a kernel that is right does nothing.
 * @param now monotonic ms
 */
export function step(state: ReconcileState, event: ReconcileEvent, now: number): Reconciled {
  switch (event.type) {
    case 'desired': {
      const next = { ...afterwards(state), desired: event.desired, failures: 0 };
      // A round under way plans with the newest state at its next look; only its memory of what did not take is void.
      if (state.phase !== 'idle') return { state: { ...next, reason: event.reason, applied: [] }, effects: [] };
      return turnWeights(state, next, event.reason, now) ?? begin(next, event.reason);
    }
    case 'hold': {
      if (event.held) return { state: { ...state, held: true }, effects: [] };
      const next = { ...state, held: false, left: new Map(), open: new Map([...state.open, ...state.left]) };
      return state.phase === 'idle' && state.desired !== undefined
        ? begin(next, 'operator')
        : { state: next, effects: [] };
    }
    case 'notified': {
      if (state.phase !== 'idle') return { state, effects: [] };
      return {
        state: { ...state, reason: 'notification', nextAt: Math.min(state.nextAt, now + NOTICE_MS) },
        effects: [],
      };
    }
    case 'tick': {
      if (state.phase !== 'idle' || state.desired === undefined || now < state.nextAt) return { state, effects: [] };
      return begin(state, state.reason);
    }
    case 'observed':
      return state.phase === 'reading' ? look(state, event.observation, now) : { state, effects: [] };
    case 'applied': {
      if (state.phase !== 'applying') return { state, effects: [] };
      const ran = afterwards(state);
      if (state.unread && event.refused.length === 0) return taken(ran, now);
      return { state: { ...ran, phase: 'reading', refused: event.refused }, effects: [{ type: 'read' }] };
    }
    case 'unreadable': {
      if (state.phase !== 'reading') return { state, effects: [] };
      return fail({ ...state, refused: [{ step: 'reading the kernel', text: event.text }] }, [], now);
    }
  }
}

/**
 * Weights are turned first and read back then; undefined when there is more to do, or the last look found less than all well.
 * Checks that answer for the first time mostly turn none: then nothing is to be done at all.
 */
function turnWeights(
  before: ReconcileState,
  next: ReconcileState & { readonly desired: DesiredState },
  reason: Reason,
  now: number,
): Reconciled | undefined {
  const trusted = before.verified && before.facts !== undefined && !before.held && before.left.size === 0;
  if (!trusted || before.desired === undefined) return undefined;
  const ipvs = planWeights(before.desired, next.desired);
  if (ipvs === undefined) return undefined;
  if (ipvs.length === 0) return BY_ITSELF.includes(reason) ? unturned(before, reason) : undefined;
  const plan = { sysctls: [], network: [], marks: [], guard: [], ipvs };
  const state = { ...begin(next, reason).state, unread: reason === 'set' };
  return applyPlan(state, { plan, drains: state.drains, warnings: state.warnings }, [], now, []);
}

/** Reasons behind which no person waits for a look at the kernel. */
const BY_ITSELF: readonly Reason[] = ['health', 'ramp'];

function unturned(state: ReconcileState, reason: Reason): Reconciled {
  return { state, effects: [{ type: 'settled', ok: true, reason, steps: [], refused: [], repaired: 0 }] };
}

/** What a plan has done, in words and by name: for ten thousand steps that takes longer than the kernel should wait. */
function afterwards(state: ReconcileState): ReconcileState {
  const { running } = state;
  if (running === undefined) return state;
  const lines = describePlan(running);
  return { ...state, running: undefined, applied: lines, done: [...state.done, ...lines], touched: touchedBy(running) };
}

/** An operator waits for the answer, and a look at a large table takes its time. */
function taken(state: ReconcileState, now: number): Reconciled {
  const { reason, done: steps } = state;
  const settled = { type: 'settled', ok: true, reason, steps, refused: [], repaired: 0 } as const;
  return { state: { ...state, ...ENDED, nextAt: now + NOTICE_MS }, effects: [settled] };
}

function begin(state: ReconcileState, reason: Reason): Reconciled {
  const round = { phase: 'reading', reason, unread: false, passes: 0, applied: [], done: [], refused: [] } as const;
  return { state: { ...state, ...round }, effects: [{ type: 'read' }] };
}

function look(state: ReconcileState, observation: Observation, now: number): Reconciled {
  if (state.desired === undefined) return { state: { ...state, phase: 'idle' }, effects: [] };
  const quiet = { observation, desired: state.desired };
  if (isQuiet(state, quiet)) return finish({ ...state, quiet }, [], now);
  const judged = judge(state, state.desired, observation, now);
  const full = planAll(state.desired, observation, state.drains, now);
  const warned = full.warnings.filter((warning) => !state.warnings.includes(warning));
  const notes = warned.map((text): ReconcileEffect => ({ type: 'record', kind: 'warning', text, lines: [] }));
  notes.push(...judged.effects);
  const known = { ...judged.state, warnings: full.warnings, quiet: undefined };
  const plan = without(full.plan, known.left, judged.state.facts);
  if (isEmpty(plan)) return finish({ ...known, quiet, drains: full.drains }, notes, now);

  if (state.passes > 0) {
    const lines = describePlan(plan);
    const before = new Set(state.applied);
    const stuck = lines.filter((line) => before.has(line));
    if (stuck.length > 0 || state.passes >= MAX_PASSES)
      return fail(known, stuck.length > 0 ? stuck : lines, now, notes);
  }
  return applyPlan(known, { ...full, plan }, judged.repair, now, notes);
}

function applyPlan(
  state: ReconcileState,
  full: FullPlan,
  repair: readonly Finding[],
  now: number,
  notes: readonly ReconcileEffect[],
): Reconciled {
  const drifted = repair.length > 0;
  const effects: ReconcileEffect[] = [...notes];
  if (drifted) {
    const text = `the kernel differed from what was set and is being repaired: ${summary(repair.map(driftWords))}`;
    effects.push({ type: 'alarm', alarm: repaired(text), raised: true });
  }
  effects.push({ type: 'apply', plan: full.plan });
  return {
    state: {
      ...state,
      phase: 'applying',
      passes: state.passes + 1,
      running: full.plan,
      drains: full.drains,
      driftAt: drifted ? now : state.driftAt,
    },
    effects,
  };
}

function finish(state: ReconcileState, notes: readonly ReconcileEffect[], now: number): Reconciled {
  const effects: ReconcileEffect[] = [...notes];
  if (!state.verified) effects.push({ type: 'alarm', alarm: notTaken(''), raised: false });
  const faded = state.driftAt !== undefined && now - state.driftAt >= DRIFT_SHOWN_MS;
  if (faded) effects.push({ type: 'alarm', alarm: repaired(''), raised: false });
  const drifted = outcome(state);
  if (drifted.length > 0) effects.push({ type: 'drifted', drifted });
  const round = { reason: state.reason, steps: state.done, refused: [], repaired: drifted.length } as const;
  effects.push({ type: 'settled', ok: true, ...round });
  return {
    state: {
      ...state,
      ...ENDED,
      open: new Map(),
      verified: true,
      failures: 0,
      nextAt: now + SWEEP_MS,
      driftAt: faded ? undefined : state.driftAt,
    },
    effects,
  };
}

function fail(
  state: ReconcileState,
  stuck: readonly string[],
  now: number,
  notes: readonly ReconcileEffect[] = [],
): Reconciled {
  const refusal = state.refused[0];
  const why = refusal === undefined ? `not taken: ${summary(stuck)}` : `${refusal.step}: ${refusal.text}`;
  const text = `the kernel does not hold what the document asks for (${why})`;
  const effects: ReconcileEffect[] = [...notes];
  if (state.failures === 0) {
    effects.push({ type: 'record', kind: 'not-taken', text, lines: stuck });
    effects.push({ type: 'alarm', alarm: notTaken(text), raised: true });
  }
  if (state.fresh.length > 0) {
    const drifted = state.fresh.map((finding) => ({ ...finding, done: 'failed' as const, why }));
    effects.push({ type: 'drifted', drifted });
  }
  const round = { reason: state.reason, steps: state.done, refused: state.refused, repaired: 0 } as const;
  effects.push({ type: 'settled', ok: false, ...round });
  const wait = Math.min(RETRY_MS * 2 ** state.failures, RETRY_MAX_MS);
  return {
    state: { ...state, ...ENDED, verified: false, failures: state.failures + 1, nextAt: now + wait },
    effects,
  };
}

const ENDED = {
  phase: 'idle',
  reason: 'sweep',
  unread: false,
  passes: 0,
  applied: [],
  done: [],
  refused: [],
  fresh: [],
} as const;

const repaired = (text: string): Alarm => ({ code: 'drift', subject: 'repaired', text });

const notTaken = (text: string): Alarm => ({ code: 'drift', subject: 'kernel', text });

function summary(lines: readonly string[]): string {
  const [first, ...rest] = lines;
  return rest.length === 0 ? `${first}` : `${first} and ${rest.length} more`;
}
