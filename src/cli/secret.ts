import type { ReadStream } from 'node:tty';
import { TandemError } from '../model/error.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_U = '\u0015';
const ERASE = ['\u007f', '\b'];
const ENTER = ['\r', '\n'];

const given = (): TandemError => new TandemError('refused', 'nothing was changed: no password was given');

/**
 * One line typed without echo.
 * Rejects with TandemError `refused` when `input` is no terminal, or when the person gives up (Ctrl-C, Ctrl-D).
 */
export function typedSecret(prompt: string, input: ReadStream, say: (text: string) => void): Promise<string> {
  if (!input.isTTY) {
    const remedy = 'give it on standard input with --stdin';
    return Promise.reject(
      new TandemError('refused', 'there is no terminal to type the password on', {
        remedy,
      }),
    );
  }
  return new Promise((done, failed) => {
    let typed: string[] = [];
    const finish = (conclude: () => void): void => {
      input.off('data', hear);
      input.setRawMode(false);
      input.pause();
      say('\n');
      conclude();
    };
    const hear = (text: string | Buffer): void => {
      const letters = [...String(text)];
      for (const [index, letter] of letters.entries()) {
        if (ENTER.includes(letter)) {
          const rest = letters.slice(index + 1).join('');
          finish(() => done(typed.join('')));
          if (rest !== '') input.unshift(rest);
          return;
        }
        if (letter === CTRL_C || letter === CTRL_D) {
          finish(() => failed(given()));
          return;
        }
        if (ERASE.includes(letter)) typed.pop();
        else if (letter === CTRL_U) typed = [];
        else typed.push(letter);
      }
    };
    say(prompt);
    input.setEncoding('utf8');
    input.setRawMode(true);
    input.on('data', hear);
    input.resume();
  });
}
