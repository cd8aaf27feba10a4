import type { ControllerRequest, DriftHoldResult, DriftResult } from '../../model/control.ts';
import { DRIFT_HOLD_MS, MAX_DRIFT_HOLD_MS, MAX_DRIFT_ROWS, MIN_DRIFT_HOLD_MS } from '../../model/drift.ts';
import { MAX_SINCE_MS } from '../../model/stats.ts';
import { askController } from '../answer.ts';
import { reasonOf } from '../hold.ts';
import { EXIT, type Io, plain, UsageError } from '../io.ts';
import { spanOption, wholeOption } from '../numbers.ts';
import { driftLines } from '../print/drift.ts';
import type { Command, Options } from '../program.ts';

const DRIFT_MS = 10_000;
const LIMIT = 50;

const SINCE = { least: 1_000, most: MAX_SINCE_MS, words: 'at most 366d' } as const;
const FOR = { least: MIN_DRIFT_HOLD_MS, most: MAX_DRIFT_HOLD_MS, words: 'from 10s to 24h' } as const;

/** Which options go with which word. */
const TAKES = { '': ['since', 'limit', 'json'], hold: ['reason', 'for', 'json'], resume: ['json'] } as const;

function judge(word: string, options: Options): keyof typeof TAKES {
  if (!Object.hasOwn(TAKES, word))
    throw new UsageError(`drift takes hold or resume, not "${plain(word).slice(0, 40)}"`);
  const what = word as keyof typeof TAKES;
  const wrong = Object.keys(options).find((name) => !(TAKES[what] as readonly string[]).includes(name));
  if (wrong !== undefined) throw new UsageError(`--${wrong} does not go with \`${`tandem drift ${what}`.trim()}\``);
  return what;
}

async function turn(io: Io, request: ControllerRequest, json: boolean): Promise<number> {
  const result = await askController<DriftHoldResult>(io, request, DRIFT_MS);
  const code = result.refused.length === 0 ? EXIT.ok : EXIT.failed;
  if (json) {
    io.out(JSON.stringify(result));
    return code;
  }
  io.out(plain(result.text));
  for (const line of result.left) io.out(`  ${plain(line)}`);
  for (const line of result.refused) io.err(`the kernel refused, and will be asked again: ${plain(line)}`);
  return code;
}

/** `tandem drift`: what other tools have changed; `hold` and `resume` its repair. */
export const command: Command = {
  options: {
    since: { type: 'string' },
    limit: { type: 'string' },
    reason: { type: 'string' },
    for: { type: 'string' },
    json: { type: 'boolean' },
  },
  words: [0, 1],
  async run(io, [word = ''], options) {
    const what = judge(word, options);
    const json = options.json === true;
    const by = io.author;
    if (what === 'resume') return turn(io, { do: 'drift-resume', by }, json);
    if (what === 'hold') {
      const span = spanOption('for', options.for, FOR) ?? DRIFT_HOLD_MS;
      return turn(io, { do: 'drift-hold', reason: reasonOf(options.reason), by, for: span }, json);
    }
    const since = spanOption('since', options.since, SINCE) ?? MAX_SINCE_MS;
    const limit = wholeOption('limit', options.limit, MAX_DRIFT_ROWS) ?? LIMIT;
    const result = await askController<DriftResult>(io, { do: 'drift', since, limit }, DRIFT_MS);
    if (json) io.out(JSON.stringify(result));
    else for (const line of driftLines(result)) io.out(line);
    return EXIT.ok;
  },
};
