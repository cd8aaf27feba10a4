import { connect } from 'node:net';
import type { QuestionOf } from '../../src/model/check.ts';
import { type Probe, startAttempt } from './attempt.ts';
import { answerOf } from './words.ts';

/**
 * A server is there when it completes the handshake. The connection is closed by reset: hundreds of checks a second
 * would otherwise leave as many local ports in TIME_WAIT.
 */
export const tcpProbe: Probe<QuestionOf<'tcp'>> = ({ address, port, source, timeout }, done) => {
  const local = source === undefined ? {} : { localAddress: source };
  const socket = connect({ host: address, port, autoSelectFamily: false, ...local });
  const attempt = startAttempt(timeout, done, (good) => (good ? socket.resetAndDestroy() : socket.destroy()));
  socket.on('connect', () => attempt.end({ ok: true, reason: `connected in ${attempt.elapsed()} ms` }));
  socket.on('error', (error) => attempt.end(answerOf(error)));
  return attempt.cancel;
};
