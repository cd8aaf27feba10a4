import { print } from './screen.ts';
import type { Ask, Interview, Place, SetupEffect, SetupState } from './types.ts';

/** One step while it is being worked out; it never outlives the call, so the core stays pure from outside. */
export interface Turn {
  readonly now: number;
  state: SetupState;
  readonly effects: SetupEffect[];
}

export function patch(turn: Turn, part: Partial<SetupState>): void {
  turn.state = { ...turn.state, ...part };
}

export function patchInterview(turn: Turn, part: Partial<Interview>): void {
  patch(turn, { interview: { ...turn.state.interview, ...part } });
}

/** Text as it stands, without a newline: prompts and echoes. Neighbours become one. */
export function write(turn: Turn, text: string): void {
  const last = turn.effects.at(-1);
  if (last?.type === 'print') turn.effects.splice(-1, 1, { type: 'print', text: last.text + text });
  else if (text !== '') turn.effects.push({ type: 'print', text });
}

export const say = (turn: Turn, ...lines: readonly string[]): void => write(turn, print(lines));

/** The next line is for this, after these words. */
export function prompt(turn: Turn, at: Place, words: string): void {
  patch(turn, { at });
  write(turn, words);
}

/** Asks the box; until it answers nothing but Ctrl-C is heard. */
export function ask(turn: Turn, what: Ask): void {
  const id = turn.state.asked + 1;
  patch(turn, { asked: id, at: { kind: 'waiting', for: what.do } });
  turn.effects.push({ type: 'ask', id, ask: what });
}

export const NO_INTERVIEW: Interview = {
  flow: 'wizard',
  given: [],
  remembered: {},
  nics: [],
  taken: undefined,
  password: undefined,
  base: undefined,
};
