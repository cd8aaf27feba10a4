import { PASSWORD, passwordFault } from '../../model/password.ts';
import { faultLines } from './faultLines.ts';
import { proceed } from './interview.ts';
import { save } from './save.ts';
import { ask, patchInterview, prompt, say, type Turn } from './turn.ts';
import type { Reply } from './types.ts';

/** A new administrator's password, typed twice and never shown. */

/** @param current the password in force, where there is one. */
export function choosePassword(turn: Turn, current: string | undefined): void {
  const why = current === undefined ? 'there is none yet and no default' : 'it takes the place of the one in force';
  say(turn, '', `the administrator’s password, at least ${PASSWORD.least} characters; ${why}`);
  askFirst(turn, current);
}

function askFirst(turn: Turn, current: string | undefined): void {
  prompt(turn, { kind: 'choose-password', first: undefined, current }, 'new password (not shown): ');
}

export function onPassword(turn: Turn, text: string, first: string | undefined, current: string | undefined): void {
  if (first === undefined) {
    const wrong = passwordFault(text);
    if (wrong === undefined) {
      prompt(turn, { kind: 'choose-password', first: text, current }, 'the same again: ');
      return;
    }
    say(turn, ...faultLines([wrong]));
    askFirst(turn, current);
    return;
  }
  if (text !== first) {
    say(turn, '  password: the two differ; type it twice');
    askFirst(turn, current);
    return;
  }
  if (current === undefined) ask(turn, { do: 'digest', password: text });
  else ask(turn, { do: 'password', current, fresh: text });
}

export function onDigest(turn: Turn, reply: Reply): void {
  if (!reply.ok || reply.text === undefined) {
    say(turn, ...reply.lines);
    choosePassword(turn, undefined);
    return;
  }
  patchInterview(turn, { password: reply.text });
  save(turn);
  proceed(turn);
}
