import type { TandemError } from '../../model/error.ts';
import { mergeAlarms } from '../../model/mergeAlarms.ts';
import type { LaneStatus, Status } from '../../model/status.ts';
import { ask } from '../../shell/lineClient.ts';
import { askController, isUnreachable, resultOf } from '../answer.ts';
import { ANSWER_MS, EXIT, type Io, laneSocket, plain } from '../io.ts';
import { alarmLines } from '../print/alarms.ts';
import { block, laneLines } from '../print/lane.ts';
import { serviceLines } from '../print/services.ts';
import type { Command } from '../program.ts';
import { unreachable } from '../unreachable.ts';

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

export function statusText(status: Status): string {
  const { name, revision, digest, lane, services } = status;
  const alarms = mergeAlarms(lane?.alarms ?? [], status.alarms);
  const head = name === '' ? [] : block('pair', [`${plain(name)}, revision ${revision} (${digest.slice(0, 12)})`]);
  const view =
    lane === null
      ? block('router', ['the pair lane does not answer: see `systemctl status tandem-pair`'])
      : laneLines(lane);
  const table = serviceLines(services);
  return [
    ...head,
    ...view,
    ...block('alarms', alarms.length === 0 ? ['none'] : alarmLines(alarms)),
    ...(table.length === 0 ? [] : ['', ...table]),
  ].join('\n');
}

export const command: Command = {
  options: { json: { type: 'boolean' } },
  words: [0, 0],
  async run(io, _words, options) {
    let status: Status;
    try {
      status = await askController<Status>(io, { do: 'status' }, ANSWER_MS);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      status = await fromLane(io, error);
      io.err('the controller does not answer; this is the pair lane’s own view, without the services');
    }
    io.out(options.json === true ? JSON.stringify(status) : statusText(status));
    return EXIT.ok;
  },
};
