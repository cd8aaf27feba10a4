/** What a load agent says of its server. */
export interface AgentWord {
  readonly up: boolean;
  /** Percent of the server's weight, 0 to 100; of a server that drains 0. */
  readonly share: number;
  /** The word that decided. */
  readonly word: string;
}

const GOOD = ['up', 'ready'];
const DRAINED = ['drain'];
const BAD = ['down', 'fail', 'failed', 'stopped', 'maint'];

/**
 * An agent's line (HAProxy's configuration manual, agent-check): words separated by blanks, tabs or commas. `75%` is the
 * share of the weight, over 100 % is 100; what follows `#` is a comment. A word for down wins over one for up, `drain` over a share.
 * Undefined when no word says anything: an agent that cannot be understood is not there.
 */
export function parseAgentLine(line: string): AgentWord | undefined {
  const words = (line.split('#')[0] ?? '').toLowerCase().split(/[\s,]+/);
  const bad = words.find((word) => BAD.includes(word));
  if (bad !== undefined) return { up: false, share: 0, word: bad };
  const drained = words.find((word) => DRAINED.includes(word));
  if (drained !== undefined) return { up: true, share: 0, word: drained };
  const percent = words.find((word) => /^\d{1,5}%$/.test(word));
  if (percent !== undefined) return { up: true, share: Math.min(100, Number.parseInt(percent, 10)), word: percent };
  const good = words.find((word) => GOOD.includes(word));
  return good === undefined ? undefined : { up: true, share: 100, word: good };
}
