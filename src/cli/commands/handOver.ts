import type { HandOverPlan, HandOverResult } from '../../model/control.ts';
import { askEither } from '../either.ts';
import { EXIT, type Io, plain } from '../io.ts';
import type { Command } from '../program.ts';

/** The lane ends a hand-over by itself, one way or the other; this is for a lane that dies meanwhile. */
const HAND_OVER_MS = 12_000;

async function plan(io: Io, json: boolean): Promise<number> {
  const request = { do: 'hand-over-plan' } as const;
  const result = await askEither<HandOverPlan>(io, { controller: request, lane: request }, HAND_OVER_MS);
  const { refusal, remedy, steps } = result;
  if (json) io.out(JSON.stringify(result));
  else for (const line of result.facts ?? []) io.out(plain(line));
  if (json) return refusal === null ? EXIT.ok : EXIT.failed;
  if (refusal === null) io.out(steps.map((step, index) => `${index + 1}. ${plain(step)}`).join('\n'));
  else
    io.err(
      `a hand-over would be refused: ${plain(refusal)}${remedy === undefined ? '' : `; remedy: ${plain(remedy)}`}`,
    );
  return refusal === null ? EXIT.ok : EXIT.failed;
}

export const command: Command = {
  options: { plan: { type: 'boolean' }, force: { type: 'boolean' }, json: { type: 'boolean' } },
  words: [0, 0],
  async run(io, _words, options) {
    if (options.plan === true) return plan(io, options.json === true);
    const result = await askEither<HandOverResult>(
      io,
      {
        controller: { do: 'hand-over', ...(options.force === true ? { force: true } : {}) },
        lane: { do: 'hand-over', by: io.author },
      },
      HAND_OVER_MS,
    );
    io.out(options.json === true ? JSON.stringify(result) : plain(result.text));
    return EXIT.ok;
  },
};
