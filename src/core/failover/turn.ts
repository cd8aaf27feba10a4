import type { FailoverState } from './state.ts';
import type { FailoverEffect } from './types.ts';

/** One step while it is being worked out; it never outlives the call, so the core stays pure from outside. */
export interface Turn {
  readonly now: number;
  state: FailoverState;
  readonly effects: FailoverEffect[];
}

export function patch(turn: Turn, part: Partial<FailoverState>): void {
  turn.state = { ...turn.state, ...part };
}

export function emit(turn: Turn, effect: FailoverEffect): void {
  turn.effects.push(effect);
}
