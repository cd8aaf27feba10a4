import type { QuestionOf } from '../../src/model/check.ts';
import type { Probe } from './attempt.ts';
import { quoted, talkInLines } from './lineCheck.ts';

/** A mail server is there when it greets with 220 and answers HELO with 250 (RFC 5321, section 4.1.1.1). */
export const smtpProbe: Probe<QuestionOf<'smtp'>> = (target, done) => {
  let greeted = false;
  return talkInLines(
    target,
    {
      hello: '',
      onLine(line) {
        const expected = greeted ? '250' : '220';
        const what = greeted ? 'HELO' : 'greeting';
        if (!line.startsWith(expected)) return { ok: false, reason: `${what}: ${quoted(line)}, expected ${expected}` };
        // A hyphen after the code says that more lines of the same answer follow.
        if (line[3] === '-') return undefined;
        if (greeted) return { ok: true, reason: quoted(line) };
        greeted = true;
        return { send: `HELO ${target.question.helo}\r\n` };
      },
      onEnd: () => ({ ok: false, reason: greeted ? 'closed after HELO' : 'closed without a greeting' }),
    },
    done,
  );
};
