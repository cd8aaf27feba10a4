import type { HoldResult } from '../model/control.ts';
import { MAX_REASON } from '../model/pair.ts';
import { askEither } from './either.ts';
import { EXIT, plain, UsageError } from './io.ts';
import type { Command } from './program.ts';

/** The answer comes when the hold is on the disk. */
const HOLD_MS = 12_000;

/** The value of `--reason`. @throws UsageError. */
export function reasonOf(value: string | boolean | undefined): string {
  const reason = String(value ?? '').trim();
  if (reason.length > MAX_REASON)
    throw new UsageError(`--reason takes at most ${MAX_REASON} characters, not ${reason.length}`);
  if (plain(reason) !== reason) throw new UsageError('--reason takes one line without control characters');
  return reason;
}

/** `tandem hold` and `tandem resume`: this box neither takes the floats nor gives them up by itself, and does again. */
export const holdCommand = (what: 'hold' | 'resume'): Command => ({
  options: { json: { type: 'boolean' }, ...(what === 'hold' ? { reason: { type: 'string' } } : {}) },
  words: [0, 0],
  async run(io, _words, options) {
    const by = io.author;
    const request = what === 'hold' ? ({ do: what, reason: reasonOf(options.reason), by } as const) : { do: what, by };
    const result = await askEither<HoldResult>(io, { controller: request, lane: request }, HOLD_MS);
    io.out(options.json === true ? JSON.stringify(result) : plain(result.text));
    return EXIT.ok;
  },
});
