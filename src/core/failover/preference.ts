import type { NodeId } from '../../model/pair.ts';
import { holdText } from './hold.ts';
import type { FailoverState } from './state.ts';
import { patch, type Turn } from './turn.ts';

/** The longest wait after failed moves, unless the document's own is longer, ms. */
const LONGEST = 3_600_000;
/** Doublings that are counted. */
const MOST = 16;

/** How long the preferred twin has to be fit before the next move to it, ms. */
function delay({ config, preference }: FailoverState): number {
  const after = config.preference?.afterMs ?? LONGEST;
  return Math.min(after * 2 ** preference.failed, Math.max(after, LONGEST));
}

/** The document would rather have the floats on the twin, and this node owns them. */
const wanted = ({ config, own }: FailoverState): boolean =>
  config.preference !== undefined && config.preference.node !== config.self && own !== undefined;

/**
 * What the return waits for, in words; undefined when only time has to pass. Who owns keeps is the safe side: without the
 * controller's word that clients would lose nothing, nobody moves.
 * @param obstacle why the twin could not be handed the floats, by what the lane itself sees.
 */
function waitsFor(state: FailoverState, obstacle: () => string | undefined): string | undefined {
  const { config, own, hold, against } = state;
  if (own?.doubt !== undefined) return `${config.self} stood still and asks whether another owner has taken the floats`;
  if (hold !== undefined) return holdText(config.self, hold);
  const seen = obstacle();
  if (seen !== undefined) return seen;
  if (against === null) return undefined;
  return against ?? `the controller of ${config.self} does not say whether clients would lose by it`;
}

/** How the return to the preferred twin stands. */
export interface Returning {
  readonly to: NodeId;
  /** Empty when only time has to pass. */
  readonly waitsFor: string;
  /** Until the floats go there if nothing gets in the way, ms; null while it waits for something else. */
  readonly inMs: number | null;
}

/** Undefined when this node does not own, or is itself the preferred one. */
export function returning(
  state: FailoverState,
  now: number,
  obstacle: () => string | undefined,
): Returning | undefined {
  const to = state.config.preference?.node;
  if (to === undefined || !wanted(state)) return undefined;
  const waits = waitsFor(state, obstacle);
  if (waits !== undefined) return { to, waitsFor: waits, inMs: null };
  const fitFor = now - (state.preference.since ?? now);
  return { to, waitsFor: '', inMs: Math.max(0, delay(state) - fitFor, state.handOverAfter - now) };
}

/**
 * Notes since when the twin, if it is the preferred one, could be handed the floats, and answers why it is to be handed
 * them now; undefined when it is not. That includes the controller's word that the twin holds what clients need, their
 * connections above all, so the delay counts from there.
 * @param obstacle as in `waitsFor`.
 */
export function preferredDue(turn: Turn, obstacle: () => string | undefined): string | undefined {
  const { state, now } = turn;
  const { config, preference } = state;
  if (!wanted(state) || waitsFor(state, obstacle) !== undefined) {
    if (preference.since !== undefined) patch(turn, { preference: { ...preference, since: undefined } });
    return undefined;
  }
  if (preference.since === undefined) patch(turn, { preference: { ...preference, since: now } });
  const fitFor = now - (preference.since ?? now);
  if (fitFor < delay(state) || now < state.handOverAfter) return undefined;
  return `${config.preference?.node} is preferred and has been fit for ${Math.round(fitFor / 1000)} s`;
}

/** A move has begun: it counts as failed until the twin owns, so that one that is broken off does too. */
export function preferredBegun(turn: Turn): void {
  const failed = Math.min(MOST, turn.state.preference.failed + 1);
  patch(turn, { preference: { since: undefined, failed } });
}

export function preferredDone(turn: Turn): void {
  patch(turn, { preference: { since: undefined, failed: 0 } });
}
