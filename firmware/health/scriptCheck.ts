import { connect } from 'node:net';
import { CHECK_LIMITS, type QuestionOf } from '../../src/model/check.ts';
import { type Probe, startAttempt } from './attempt.ts';
import { quoted } from './lineCheck.ts';

/**
 * Asks the unit `tandem-check@.service` to run a program of /etc/tandem/checks, through the socket that starts one
 * instance for each connection. It gets program, seconds, address, port and arguments, one a line and an empty line at the end; it
 * answers with the program's first output and a last line `exit N`. Status 0 is good, any other is not. At the timeout
 * the connection is closed, and the unit ends the program by its own limit.
 */
export const createScriptProbe =
  (socketPath: string): Probe<QuestionOf<'script'>> =>
  ({ address, port, timeout, question }, done) => {
    const socket = connect(socketPath);
    const attempt = startAttempt(timeout, done, () => socket.destroy());
    let said = '';
    socket.on('error', (error: NodeJS.ErrnoException) => {
      attempt.end({ ok: null, reason: `${socketPath}: ${error.code ?? error.message}` });
    });
    socket.on('connect', () => {
      const seconds = Math.ceil(timeout / 1000);
      socket.write(`${[question.program, seconds, address, port, ...question.args].join('\n')}\n\n`);
    });
    socket.on('data', (piece) => {
      // The last line is what counts: of more than fits the beginning is let go.
      said = (said + piece.toString('latin1')).slice(-CHECK_LIMITS.talk);
    });
    socket.on('end', () => {
      const lines = said
        .replace(/[^\x20-\x7e\n]/g, '?')
        .trimEnd()
        .split('\n');
      const status = /^exit (\d{1,3})$/.exec(lines.at(-1) ?? '')?.[1];
      const words = lines.slice(0, -1).findLast((line) => line.trim() !== '');
      const more = words === undefined ? '' : `: ${quoted(words)}`;
      if (status === undefined) attempt.end({ ok: null, reason: `${question.program} was ended before its answer` });
      else if (status === '0') attempt.end({ ok: true, reason: `${question.program} is content${more}` });
      else if (status === '127') attempt.end({ ok: null, reason: `there is no program ${question.program}` });
      else attempt.fail(`${question.program} ended with ${status}${more}`);
    });
    return attempt.cancel;
  };
