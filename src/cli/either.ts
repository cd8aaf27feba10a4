import type { ControllerRequest, LaneRequest } from '../model/control.ts';
import { ask } from '../shell/lineClient.ts';
import { isUnreachable, resultOf } from './answer.ts';
import { ANSWER_MS, controllerSocket, type Io, laneSocket } from './io.ts';
import { unreachable } from './unreachable.ts';

/** Why the controller cannot be asked; undefined when it lives. */
async function silence(io: Io) {
  try {
    await ask(controllerSocket(io), { do: 'events', limit: 1 }, ANSWER_MS);
    return undefined;
  } catch (error) {
    if (isUnreachable(error)) return error;
    throw error;
  }
}

/**
 * Asks the controller, or the pair lane itself when the controller is dead, and says so. A light question comes first, so
 * that what changes something is asked once.
 * @throws TandemError as it was said, or `unreachable`.
 */
export async function askEither<T>(
  io: Io,
  request: { readonly controller: ControllerRequest; readonly lane: LaneRequest },
  timeoutMs: number,
): Promise<T> {
  const silent = await silence(io);
  if (silent === undefined) return resultOf(await ask(controllerSocket(io), request.controller, timeoutMs));
  io.err('the controller does not answer; asking the pair lane itself');
  try {
    return resultOf(await ask(laneSocket(io), request.lane, timeoutMs));
  } catch (error) {
    throw isUnreachable(error) ? unreachable(silent, error) : error;
  }
}
