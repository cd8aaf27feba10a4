import { connect } from 'node:net';
import { CHECK_LIMITS } from '../../src/model/check.ts';
import type { Cancel } from '../../src/ports/clock.ts';
import type { ProbeAnswer, ProbeTarget } from '../../src/ports/health.ts';
import { startAttempt } from './attempt.ts';
import { answerOf } from './words.ts';

export interface Talk {
  /** Sent as soon as the connection stands. */
  readonly hello: string;
  /** What a line of the server's, without its end, leads to: words to send, the answer, or undefined to read on. */
  onLine(line: string): { readonly send: string } | ProbeAnswer | undefined;
  /** The server has closed. @param rest what came after the last line's end */
  onEnd(rest: string): ProbeAnswer;
}

/** A conversation in lines over TCP. At most 4 KiB are read in all; what is not ASCII becomes `?`. */
export function talkInLines(
  { address, port, source, timeout }: Omit<ProbeTarget, 'question'>,
  talk: Talk,
  done: (answer: ProbeAnswer) => void,
): Cancel {
  const local = source === undefined ? {} : { localAddress: source };
  const socket = connect({ host: address, port, autoSelectFamily: false, ...local });
  const attempt = startAttempt(timeout, done, () => socket.destroy());
  let rest = '';
  let size = 0;
  let ended = false;

  const finish = (answer: ProbeAnswer): void => {
    ended = true;
    attempt.end(answer);
  };
  socket.on('error', (error) => attempt.end(answerOf(error)));
  socket.on('connect', () => {
    if (talk.hello !== '') socket.write(talk.hello);
  });
  socket.on('end', () => {
    if (!ended) finish(talk.onEnd(rest));
  });
  socket.on('data', (piece) => {
    size += piece.length;
    if (size > CHECK_LIMITS.talk) {
      finish({ ok: false, reason: `answer longer than ${CHECK_LIMITS.talk} bytes` });
      return;
    }
    const lines = (rest + piece.toString('latin1').replace(/[^\x20-\x7e\r\n]/g, '?')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (ended) return;
      const next = talk.onLine(line.replace(/\r$/, ''));
      if (next === undefined) continue;
      if ('send' in next) socket.write(next.send);
      else finish(next);
    }
  });
  return attempt.cancel;
}

/** What a server said, as far as a reason quotes it. */
export const quoted = (text: string): string => (text.length > 60 ? `"${text.slice(0, 59)}…"` : `"${text}"`);
