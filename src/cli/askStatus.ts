import { TandemError } from '../model/error.ts';
import { mergeAlarms } from '../model/mergeAlarms.ts';
import type { LaneStatus, Status } from '../model/status.ts';
import { ask } from '../shell/lineClient.ts';
import { askController, isUnreachable, resultOf } from './answer.ts';
import { ANSWER_MS, type Io, laneSocket, plain } from './io.ts';
import { unreachable } from './unreachable.ts';

/** What the lane alone knows, in the shape of the whole, so that a program reads one shape. */
function ofLane(lane: LaneStatus, silence: string): Status {
  const alarm = { code: 'controller-silent', subject: '', text: `the controller does not answer: ${silence}` };
  return { name: '', revision: 0, digest: '', lane, services: [], alarms: mergeAlarms(lane.alarms, [alarm]) };
}

async function fromLane(io: Io, controller: TandemError): Promise<Status> {
  try {
    return ofLane(resultOf<LaneStatus>(await ask(laneSocket(io), { do: 'status' }, ANSWER_MS)), controller.message);
  } catch (error) {
    throw isUnreachable(error) ? unreachable(controller, error) : error;
  }
}

/**
 * The controller's status, or the lane's own when the controller is dead, and says so.
 * @param services the names of those that are wanted; undefined = all
 * @throws TandemError, `not-found` for a name that no service has.
 */
export async function askStatus(io: Io, services?: readonly string[]): Promise<Status> {
  try {
    const wanted = services === undefined ? {} : { services: [...services] };
    const status = await askController<Status>(io, { do: 'status', ...wanted }, ANSWER_MS);
    const unknown = services?.find((name) => status.services.every((service) => service.name !== name));
    if (unknown !== undefined) {
      throw new TandemError('not-found', `there is no virtual service "${plain(unknown).slice(0, 40)}"`, {
        remedy: '`tandem status` names them all',
      });
    }
    return status;
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    const status = await fromLane(io, error);
    io.err('the controller does not answer; this is the pair lane’s own view, without the services');
    return status;
  }
}
