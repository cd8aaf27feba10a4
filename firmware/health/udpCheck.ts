import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { QuestionOf } from '../../src/model/check.ts';
import { type Probe, startAttempt } from './attempt.ts';
import { answerOf } from './words.ts';

/**
 * One datagram. With `expect` the answer must begin with it; without, any answer is good and so is silence, because only
 * an ICMP port unreachable (which the kernel reports on a connected socket, udp(7)) proves that nobody listens.
 */
export const udpProbe: Probe<QuestionOf<'udp'>> = ({ address, port, source, timeout, question }, done) => {
  const { send, expect, encoding } = question;
  const bytes = (text: string): Buffer => Buffer.from(text, encoding === 'hex' ? 'hex' : 'utf8');
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  const attempt = startAttempt(
    timeout,
    (answer) => {
      const silent = answer.ok === false && answer.reason === 'timed out';
      done(silent && expect === undefined ? { ok: true, reason: 'not refused' } : answer);
    },
    () => socket.close(),
  );
  socket.on('error', (error: NodeJS.ErrnoException) => attempt.end(answerOf(error)));
  socket.on('message', (message) => {
    if (expect === undefined || message.subarray(0, bytes(expect).length).equals(bytes(expect))) {
      attempt.end({ ok: true, reason: `answered in ${attempt.elapsed()} ms` });
    } else attempt.fail(`answered ${message.length} bytes that do not begin with "${expect.slice(0, 40)}"`);
  });
  socket.on('connect', () => socket.send(bytes(send), (error) => error && attempt.end(answerOf(error))));
  if (source === undefined) socket.connect(port, address);
  else socket.bind({ address: source }, () => socket.connect(port, address));
  return attempt.cancel;
};
