import type { HandOverResult } from '../../model/control.ts';
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

async function handOver(io: Io): Promise<HandOverResult> {
  const silent = await silence(io);
  if (silent === undefined) return resultOf(await ask(controllerSocket(io), { do: 'hand-over' }, HAND_OVER_MS));
  io.err('the controller does not answer; asking the pair lane itself');
  try {
    return resultOf(await ask(laneSocket(io), { do: 'hand-over', by: io.author }, HAND_OVER_MS));
  } catch (error) {
    throw isUnreachable(error) ? unreachable(silent, error) : error;
  }
}

export const command: Command = {
  options: {},
  words: [0, 0],
  async run(io) {
    const { text } = await handOver(io);
    io.out(plain(text));
    return EXIT.ok;
  },
};
