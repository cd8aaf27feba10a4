import type { HandOverResult } from '../../model/control.ts';
import { ask } from '../../shell/lineClient.ts';
import { askController, isUnreachable, resultOf } from '../answer.ts';
import { ANSWER_MS, EXIT, type Io, laneSocket, plain } from '../io.ts';
import type { Command } from '../program.ts';
import { unreachable } from '../unreachable.ts';

async function viaLane(io: Io): Promise<HandOverResult> {
  return resultOf(await ask(laneSocket(io), { do: 'hand-over', by: io.author }, 2 * ANSWER_MS));
}

export const command: Command = {
  options: {},
  words: [0, 0],
  async run(io) {
    let result: HandOverResult;
    try {
      result = await askController<HandOverResult>(io, { do: 'hand-over' }, ANSWER_MS);
    } catch (controller) {
      if (!isUnreachable(controller)) throw controller;
      io.err('the controller does not answer; asking the pair lane itself');
      // A lane that has meanwhile handed over by the controller's word refuses: it owns nothing any more.
      result = await viaLane(io).catch((lane) => {
        throw isUnreachable(lane) ? unreachable(controller, lane) : lane;
      });
    }
    io.out(plain(result.text));
    return EXIT.ok;
  },
};
