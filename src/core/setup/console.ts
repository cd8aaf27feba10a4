import { networkAnswers } from './answers.ts';
import { proceed } from './interview.ts';
import { choosePassword } from './password.ts';
import { save } from './save.ts';
import { ask, NO_INTERVIEW, patch, prompt, say, type Turn } from './turn.ts';
import type { Place, Reply } from './types.ts';

/** The console of a configured box: who may use it, and its menu. */

/** Without a key for so long, a session is over, ms. */
export const IDLE_MS = 600_000;

/** Wrong passwords that cost nothing but their check; each one more doubles the wait, up to a minute. */
const FREE_TRIES = 2;
const LONGEST_LOCK_MS = 60_000;

/** Lines of the log fetched, and shown at a time. */
const LOG_LINES = 200;
const PAGE = 20;

export const greet = (turn: Turn): void => ask(turn, { do: 'heading' });

export function onHeading(turn: Turn, reply: Reply): void {
  say(turn, '', turn.state.box.banner, ...reply.lines, '');
  askLogin(turn);
}

export function askLogin(turn: Turn): void {
  if (turn.now < turn.state.lockedUntil) patch(turn, { at: { kind: 'locked' } });
  else prompt(turn, { kind: 'login' }, 'password: ');
}

export function onLoginLine(turn: Turn, text: string): void {
  if (text === '') greet(turn);
  else ask(turn, { do: 'login', password: text });
}

export function onLogin(turn: Turn, reply: Reply): void {
  if (reply.ok) {
    patch(turn, { loggedIn: true, failures: 0, lockedUntil: 0 });
    save(turn);
    menu(turn);
    return;
  }
  const failures = turn.state.failures + 1;
  const wait = failures <= FREE_TRIES ? 0 : Math.min(LONGEST_LOCK_MS, 1000 * 2 ** Math.min(10, failures - FREE_TRIES));
  patch(turn, { failures, lockedUntil: turn.now + wait });
  save(turn);
  say(turn, ...reply.lines, ...(wait === 0 ? [] : [`the next try is heard in ${wait / 1000} s`]));
  askLogin(turn);
}

const CHOICES = [
  ['status', 'role, term, floats, links, alarms, services'],
  ['change network', 'addresses, gateway and floats'],
  ['hand over', 'the floats to the twin'],
  ['pair', 'gives the second box the document and the key'],
  ['password', 'a new one for the administrator'],
  ['restart', 'this box'],
  ['factory reset', 'this box forgets everything'],
  ['log', 'what happened'],
  ['log out', 'or Ctrl-D'],
] as const;

type Choice = (typeof CHOICES)[number][0];

export function menu(turn: Turn): void {
  patch(turn, { interview: NO_INTERVIEW });
  say(turn, '', ...CHOICES.map(([name, help], index) => `  ${index + 1}  ${name.padEnd(15)} ${help}`));
  askChoice(turn);
}

export const askChoice = (turn: Turn): void => prompt(turn, { kind: 'menu' }, 'number or word: ');

export function onMenu(turn: Turn, text: string): void {
  const chosen = CHOICES.find(([name], index) => name === text || String(index + 1) === text)?.[0];
  if (text === '') menu(turn);
  else if (chosen === undefined) {
    say(turn, `there is no "${text.slice(0, 40)}" here; give a number from 1 to ${CHOICES.length} or its word`);
    askChoice(turn);
  } else choose(turn, chosen);
}

function choose(turn: Turn, choice: Choice): void {
  switch (choice) {
    case 'status':
      ask(turn, { do: 'status' });
      return;
    case 'change network':
      ask(turn, { do: 'document' });
      return;
    case 'hand over':
      ask(turn, { do: 'hand-over-plan' });
      return;
    case 'pair':
      ask(turn, { do: 'offer' });
      return;
    case 'password':
      prompt(turn, { kind: 'current-password' }, 'the password in force (not shown): ');
      return;
    case 'restart':
      say(turn, 'the box restarts; it gives the floats to its twin first, when it has them and the twin is there');
      confirm(turn, 'restart');
      return;
    case 'factory reset':
      say(
        turn,
        'the box gives the floats to its twin, forgets document, key, password and log, and restarts unconfigured.',
      );
      say(turn, 'when no twin can take the floats, the clients are cut off.');
      confirm(turn, 'factory-reset');
      return;
    case 'log':
      ask(turn, { do: 'log', limit: LOG_LINES });
      return;
    case 'log out':
      logOut(turn);
      return;
  }
}

export function logOut(turn: Turn): void {
  say(turn, 'logged out');
  patch(turn, { loggedIn: false, at: { kind: 'nowhere' } });
  turn.effects.push({ type: 'end' });
}

type Confirmed = Extract<Place, { kind: 'confirm' }>['what'];

export function confirm(turn: Turn, what: Confirmed): void {
  const words = what === 'factory-reset' ? 'type FACTORY RESET to do it, anything else not to: ' : 'do it? yes or no: ';
  prompt(turn, { kind: 'confirm', what }, words);
}

export function onConfirm(turn: Turn, what: Confirmed, text: string, document: string): void {
  if (text !== (what === 'factory-reset' ? 'FACTORY RESET' : 'yes')) {
    say(turn, 'nothing was changed');
    menu(turn);
    return;
  }
  if (what === 'network') ask(turn, { do: 'apply', document });
  else ask(turn, { do: what });
}

export function onDocument(turn: Turn, reply: Reply): void {
  if (!reply.ok || reply.text === undefined) {
    say(turn, ...reply.lines);
    menu(turn);
    return;
  }
  const remembered = { ...networkAnswers(reply.text), node: turn.state.box.node ?? 'a' };
  patch(turn, { interview: { ...NO_INTERVIEW, flow: 'network', remembered, base: reply.text } });
  say(turn, 'the document holds for both routers: say the same on the twin afterwards. Ctrl-C: back to the menu.');
  proceed(turn);
}

/** Plans end in a question when there is something to do. */
export function onPlan(turn: Turn, reply: Reply, what: 'network' | 'hand-over'): void {
  say(turn, ...reply.lines);
  if (reply.ok) confirm(turn, what);
  else menu(turn);
}

export function page(turn: Turn, lines: readonly string[]): void {
  say(turn, ...lines.slice(0, PAGE));
  const rest = lines.slice(PAGE);
  if (rest.length === 0) menu(turn);
  else prompt(turn, { kind: 'pager', lines: rest }, `${rest.length} more lines; Enter shows some, q stops: `);
}

export function onCurrentPassword(turn: Turn, text: string): void {
  if (text === '') menu(turn);
  else choosePassword(turn, text);
}
