import { worstFirst } from '../../model/alarmRank.ts';
import type { TimelineResult } from '../../model/control.ts';
import { TandemError } from '../../model/error.ts';
import type { TwinQuestion, TwinStatus } from '../../model/twin.ts';
import type { Controller } from '../controller/controller.ts';
import { factsOf } from '../controller/facts.ts';
import { isServerUp } from '../controller/serverAlarms.ts';

/** What the twin's controller may ask of this box, one entry for each kind of question. */
type Answers = {
  readonly [What in TwinQuestion['what']]: (question: Extract<TwinQuestion, { what: What }>) => unknown;
};

export function createAnswers(controller: Controller): (question: TwinQuestion) => Promise<unknown> {
  const { ports } = controller;
  const answers: Answers = {
    status: () => healthOf(controller),
    facts: () => factsOf(controller),
    nics: () => controller.lint.nics(),
    timeline: async ({ last }): Promise<TimelineResult> => ({
      node: ports.node.name,
      records: [...(await ports.records.read(last))],
    }),
  };
  return async (question) => {
    const answer = answers[question.what] as ((question: TwinQuestion) => unknown) | undefined;
    if (answer === undefined) throw new TandemError('bad-request', `nothing answers to ${question.what}`);
    return answer(question);
  };
}

const MAX_ALARMS = 64;

async function healthOf(controller: Controller): Promise<TwinStatus> {
  const active = controller.active();
  const lane = await controller.lane.status();
  const servers = (active?.document.services ?? []).flatMap((service) =>
    service.servers.map((server) => isServerUp(controller.checks, service, server)),
  );
  return {
    node: controller.ports.node.name,
    revision: active?.revision.number ?? 0,
    digest: active?.digest ?? '',
    role: lane?.role ?? '',
    ready: controller.reconciler.state().verified,
    serversUp: servers.filter((up) => up).length,
    servers: servers.length,
    alarms: worstFirst(controller.alarms.list())
      .slice(0, MAX_ALARMS)
      .map(({ code, subject }) => `${code} ${subject}`.trim().slice(0, 200)),
  };
}
