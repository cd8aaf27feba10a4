import type { ControllerRequest, HandOverPlan, HandOverResult, LaneRequest } from '../../model/control.ts';
import { ask } from '../../shell/lineClient.ts';
import { isUnreachable, resultOf } from '../answer.ts';
import { ANSWER_MS, controllerSocket, EXIT, type Io, laneSocket, plain } from '../io.ts';
import type { Command } from '../program.ts';
import { unreachable } from '../unreachable.ts';

/** The lane ends a hand-over by itself, one way or the other; this is for a lane that dies meanwhile. */
const HAND_OVER_MS = 12_000;

/** Why the controller cannot be asked; undefined when it lives. A light question comes first: a hand-over is asked once. */
async function silence(io: Io) {
  try {
    await ask(controllerSocket(io), { do: 'events', limit: 1 }, ANSWER_MS);
    return undefined;
  } catch (error) {
    if (isUnreachable(error)) return error;
    throw error;
  }
}

async function asked<T>(io: Io, what: 'hand-over' | 'hand-over-plan'): Promise<T> {
  const silent = await silence(io);
  if (silent === undefined)
    return resultOf(await ask(controllerSocket(io), { do: what } as ControllerRequest, HAND_OVER_MS));
  io.err('the controller does not answer; asking the pair lane itself');
  try {
    const request: LaneRequest = what === 'hand-over' ? { do: what, by: io.author } : { do: what };
    return resultOf(await ask(laneSocket(io), request, HAND_OVER_MS));
  } catch (error) {
    throw isUnreachable(error) ? unreachable(silent, error) : error;
  }
}

async function plan(io: Io, json: boolean): Promise<number> {
  const result = await asked<HandOverPlan>(io, 'hand-over-plan');
  const { refusal, steps } = result;
  if (json) io.out(JSON.stringify(result));
  else if (refusal === null) io.out(steps.map((step, index) => `${index + 1}. ${plain(step)}`).join('\n'));
  else io.err(`a hand-over would be refused: ${plain(refusal)}`);
  return refusal === null ? EXIT.ok : EXIT.failed;
}

export const command: Command = {
  options: { plan: { type: 'boolean' }, json: { type: 'boolean' } },
  words: [0, 0],
  async run(io, _words, options) {
    if (options.plan === true) return plan(io, options.json === true);
    const result = await asked<HandOverResult>(io, 'hand-over');
    io.out(options.json === true ? JSON.stringify(result) : plain(result.text));
    return EXIT.ok;
  },
};
