import type { QuestionOf } from '../../src/model/check.ts';
import { type Probe, startAttempt } from './attempt.ts';
import { endingOf, openTls, refusalOf } from './tls.ts';
import { answerOf } from './words.ts';

/** A server is there when it completes the TLS handshake. */
export const tlsProbe: Probe<QuestionOf<'tls'>> = (target, done) => {
  const { question } = target;
  const socket = openTls(target, question);
  const attempt = startAttempt(target.timeout, done, () => socket.destroy());
  socket.on('error', (error: NodeJS.ErrnoException) => attempt.end(answerOf(error)));
  socket.on('close', () => attempt.fail('closed during the handshake'));
  socket.on('secureConnect', () => {
    const refusal = refusalOf(socket, question);
    if (refusal !== undefined) {
      attempt.fail(refusal);
      return;
    }
    const warning = endingOf(socket, question, Date.now());
    const reason = `${socket.getProtocol()} in ${attempt.elapsed()} ms`;
    attempt.end({ ok: true, reason, ...(warning === undefined ? {} : { warning }) });
  });
  return attempt.cancel;
};
