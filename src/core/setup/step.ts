import { documentOf } from './answers.ts';
import {
  askChoice,
  askLogin,
  confirm,
  greet,
  IDLE_MS,
  logOut,
  menu,
  onConfirm,
  onCurrentPassword,
  onLoginLine,
  onMenu,
  page,
} from './console.ts';
import { again, answer, back, proceed } from './interview.ts';
import { emptyLine, type Typed, type } from './lineEditor.ts';
import { onPassword } from './password.ts';
import { onProgress, onReply } from './replies.ts';
import { askWhether, onReview } from './review.ts';
import { restore } from './save.ts';
import { NO_INTERVIEW, patch, say, type Turn, write } from './turn.ts';
import type { Ask, Place, SetupEffect, SetupEvent, SetupState } from './types.ts';

/** More lines than a person types or pastes in a second are a flood; until it has ended nothing is read. */
const FLOOD = { lines: 30, withinMs: 1000, quietMs: 1000 } as const;

export const initialSetup: SetupState = {
  box: { node: undefined, banner: '' },
  at: { kind: 'nowhere' },
  editor: emptyLine,
  interview: NO_INTERVIEW,
  asked: 0,
  loggedIn: false,
  failures: 0,
  lockedUntil: 0,
  keyAt: 0,
  flood: { since: 0, lines: 0, deafUntil: 0 },
};

/**
 * One move of the conversation on the serial console: the wizard on an unconfigured box, login and menu on a configured
 * one. Whatever is typed, it ends at a prompt or waits for a reply; nothing is installed, applied or reset but by the
 * answers that ask for it.
 * @param now monotonic ms
 */
export function step(state: SetupState, event: SetupEvent, now: number) {
  const turn: Turn = { now, state, effects: [] };
  switch (event.type) {
    case 'start':
      start(turn, event);
      break;
    case 'bytes':
      for (const byte of event.bytes) key(turn, byte);
      break;
    case 'reply':
      if (event.id === state.asked && state.at.kind === 'waiting') onReply(turn, state.at.for, event.reply);
      break;
    case 'progress':
      if (event.id === state.asked && state.at.kind === 'waiting') onProgress(turn, event.lines);
      break;
    case 'tick':
      tick(turn);
      break;
  }
  return { state: turn.state, effects: turn.effects as readonly SetupEffect[] };
}

/** When `tick` is wanted, monotonic ms; infinity = not at all. */
export function wakeAt({ at, flood, lockedUntil, loggedIn, keyAt }: SetupState): number {
  return Math.min(
    flood.deafUntil > 0 ? flood.deafUntil : Number.POSITIVE_INFINITY,
    at.kind === 'locked' ? lockedUntil : Number.POSITIVE_INFINITY,
    loggedIn ? keyAt + IDLE_MS : Number.POSITIVE_INFINITY,
  );
}

function start(turn: Turn, { box, saved }: Extract<SetupEvent, { type: 'start' }>): void {
  turn.state = { ...initialSetup, box, keyAt: turn.now, asked: turn.state.asked };
  const halfWay = saved !== undefined && restore(turn, saved);
  if (box.node !== undefined) {
    patch(turn, { interview: NO_INTERVIEW });
    greet(turn);
    return;
  }
  say(turn, '', box.banner, 'This box is not configured. Your answers make it a router; nothing changes');
  say(turn, 'before you have seen the result and said yes. Enter takes what stands in');
  say(turn, 'brackets, ? asks again, Ctrl-D goes one question back, Ctrl-C to the first.');
  if (halfWay) say(turn, '', 'It goes on where it was left.');
  proceed(turn);
}

function tick(turn: Turn): void {
  const { flood, at, loggedIn, keyAt, lockedUntil } = turn.state;
  if (flood.deafUntil > 0 && turn.now >= flood.deafUntil) {
    patch(turn, { flood: { since: turn.now, lines: 0, deafUntil: 0 }, editor: emptyLine });
    repeat(turn);
  }
  if (at.kind === 'locked' && turn.now >= lockedUntil) askLogin(turn);
  if (loggedIn && turn.now >= keyAt + IDLE_MS) {
    say(turn, '', 'nobody pressed a key for ten minutes');
    logOut(turn);
  }
}

const hides = ({ kind }: Place): boolean =>
  kind === 'login' || kind === 'choose-password' || kind === 'current-password' || kind === 'locked';

const CTRL_C = 3;

function key(turn: Turn, byte: number): void {
  const { at, flood } = turn.state;
  patch(turn, { keyAt: turn.now });
  if (flood.deafUntil > 0) {
    patch(turn, { flood: { ...flood, deafUntil: turn.now + FLOOD.quietMs } });
    return;
  }
  if (at.kind === 'nowhere' || at.kind === 'locked') return;
  if (at.kind === 'waiting') {
    patch(turn, { editor: emptyLine });
    if (byte === CTRL_C && !flooded(turn)) stopWaiting(turn, at.for);
    return;
  }
  const { editor, typed, echo } = type(turn.state.editor, byte, hides(at));
  patch(turn, { editor });
  write(turn, echo);
  if (typed.key === 'none' || flooded(turn)) return;
  act(turn, at, typed);
}

function flooded(turn: Turn): boolean {
  const { flood } = turn.state;
  const fresh = turn.now - flood.since > FLOOD.withinMs;
  const lines = fresh ? 1 : flood.lines + 1;
  const over = lines > FLOOD.lines;
  patch(turn, {
    flood: { since: fresh ? turn.now : flood.since, lines, deafUntil: over ? turn.now + FLOOD.quietMs : 0 },
  });
  if (over) say(turn, '', 'too many lines at once: nothing is read until the line was quiet for a second');
  return over;
}

function act(turn: Turn, at: Place, typed: Typed): void {
  if (typed.key === 'interrupt') {
    interrupt(turn);
    return;
  }
  if (typed.key === 'end') {
    end(turn, at);
    return;
  }
  if (typed.key !== 'line') return;
  if (typed.spoiled !== 'no') {
    say(
      turn,
      typed.spoiled === 'long'
        ? '  that line is too long: give at most 256 characters'
        : '  that line is no text: type it again',
    );
    repeat(turn);
    return;
  }
  onLine(turn, at, typed.text);
}

function onLine(turn: Turn, at: Place, line: string): void {
  const text = line.trim();
  switch (at.kind) {
    case 'question':
      answer(turn, at.key, line);
      return;
    case 'choose-password':
      onPassword(turn, line, at.first, at.current);
      return;
    case 'review':
      onReview(turn, text);
      return;
    case 'login':
      onLoginLine(turn, line);
      return;
    case 'current-password':
      onCurrentPassword(turn, line);
      return;
    case 'menu':
      onMenu(turn, text);
      return;
    case 'confirm':
      onConfirm(turn, at.what, text, at.what === 'network' ? documentOf(turn.state.interview) : '');
      return;
    case 'pager':
      if (text === 'q') menu(turn);
      else page(turn, at.lines);
      return;
    case 'waiting':
    case 'locked':
    case 'nowhere':
      return;
  }
}

/** Ctrl-C: the wizard begins again, a configured box shows its menu or its greeting. */
function interrupt(turn: Turn): void {
  if (turn.state.loggedIn) menu(turn);
  else if (turn.state.box.node === undefined) again(turn);
  else greet(turn);
}

/** Ctrl-D: one question back, or out. */
function end(turn: Turn, at: Place): void {
  if (at.kind === 'menu') logOut(turn);
  else if (at.kind === 'question' || (at.kind === 'review' && !turn.state.loggedIn)) back(turn);
  else if (at.kind === 'choose-password' && at.current === undefined) back(turn);
  else interrupt(turn);
}

/** What can be left alone half-way. */
const STOPPABLE: readonly Ask['do'][] = [
  'nics',
  'take',
  'offer',
  'heading',
  'status',
  'log',
  'document',
  'plan',
  'hand-over-plan',
];

function stopWaiting(turn: Turn, what: Ask['do']): void {
  if (!STOPPABLE.includes(what)) {
    write(turn, '\r\nthis cannot be stopped half-way\r\n');
    return;
  }
  write(turn, '^C\r\n');
  turn.effects.push({ type: 'cancel', id: turn.state.asked });
  patch(turn, { asked: turn.state.asked + 1 });
  if (what === 'take') onReply(turn, 'take', { ok: false, lines: [] });
  else if (what === 'offer')
    onReply(turn, 'offer', { ok: false, lines: ['pairing ended; the menu has it under pair'] });
  else interrupt(turn);
}

/** The prompt that stands, once more. */
function repeat(turn: Turn): void {
  const { at } = turn.state;
  switch (at.kind) {
    case 'question':
      proceed(turn);
      return;
    case 'choose-password':
      write(turn, at.first === undefined ? 'new password (not shown): ' : 'the same again: ');
      return;
    case 'review':
      askWhether(turn);
      return;
    case 'login':
      askLogin(turn);
      return;
    case 'current-password':
      write(turn, 'the password in force (not shown): ');
      return;
    case 'menu':
      askChoice(turn);
      return;
    case 'confirm':
      confirm(turn, at.what);
      return;
    case 'pager':
      write(turn, 'Enter shows some, q stops: ');
      return;
    case 'waiting':
    case 'locked':
    case 'nowhere':
      return;
  }
}
