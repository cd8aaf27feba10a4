import { parseAgentLine } from '../../src/codec/agentLine.ts';
import type { QuestionOf } from '../../src/model/check.ts';
import type { ProbeAnswer } from '../../src/ports/health.ts';
import type { Probe } from './attempt.ts';
import { quoted, talkInLines } from './lineCheck.ts';

/** A load agent on the server says whether it is there and which share of its weight it can bear. */
export const agentProbe: Probe<QuestionOf<'agent'>> = (target, done) => {
  const { send } = target.question;
  return talkInLines(target, { hello: send === undefined ? '' : `${send}\n`, onLine: judge, onEnd: judge }, done);
};

function judge(line: string): ProbeAnswer {
  const said = parseAgentLine(line);
  if (said === undefined) return { ok: false, reason: `${quoted(line)} is no agent’s word` };
  const reason = `the agent says ${said.word}`;
  return said.up ? { ok: true, reason, share: said.share } : { ok: false, reason };
}
