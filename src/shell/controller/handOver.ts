import * as z from 'zod';
import { factsLine, objections, unheard } from '../../core/replicate/index.ts';
import type { Answer, HandOverPlan, HandOverResult } from '../../model/control.ts';
import { TandemError } from '../../model/error.ts';
import { judge } from '../../model/judge.ts';
import { peerOf } from '../../model/pair.ts';
import { twinFactsSchema } from '../../model/twin.ts';
import type { Controller } from './controller.ts';
import { factsOf } from './facts.ts';

const said = z.object({ text: z.string() });
const lanePlan = z.object({ refusal: z.string().nullable(), steps: z.array(z.string()) });
/** A hand-over has its own limits in the lane; this one is only for a lane that died meanwhile. */
const HAND_OVER_MS = 10_000;
const PLAN_MS = 2_000;
const FACTS_MS = 2_000;
/** Beside what the lane says, an operator's word goes past it. */
const FORCE = 'wait, or go on all the same: `tandem hand-over --force`';

/** What this box's lane answered. @throws TandemError `refused` with the lane's reason. */
export function passedOn(answer: Answer): unknown {
  if (answer.ok) return answer.result;
  const { message, remedy } = answer.error;
  throw new TandemError('refused', message, remedy === undefined ? {} : { remedy });
}

/** What both boxes hold, a line each, and what speaks against a hand-over. */
async function weigh(controller: Controller): Promise<{ readonly facts: string[]; readonly against: string[] }> {
  const own = factsOf(controller);
  const twin = peerOf(own.node);
  try {
    const judged = judge(twinFactsSchema, await controller.ports.channel.ask({ what: 'facts' }, FACTS_MS));
    if (!judged.ok) return { facts: [factsLine(own)], against: [unheard(twin, 'its answer is none')] };
    return { facts: [factsLine(own), factsLine(judged.data)], against: objections(own, judged.data) };
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    // A release that does not know the question: an upgrade must be able to move the floats.
    if (error.code === 'bad-request') return { facts: [factsLine(own), `${twin}: an older release`], against: [] };
    return { facts: [factsLine(own)], against: [unheard(twin, error.message)] };
  }
}

/** What a hand-over would do. What the lane refuses comes before what clients would lose. */
export async function planHandOver(controller: Controller): Promise<HandOverPlan> {
  const plan = lanePlan.parse(passedOn(await controller.ports.askLane({ do: 'hand-over-plan' }, PLAN_MS)));
  const { facts, against } = await weigh(controller);
  if (plan.refusal !== null || against.length === 0) return { ...plan, facts };
  return { refusal: against.join('; '), steps: [], facts };
}

/** @throws TandemError `refused` with every reason there is, unless it is forced past what clients would lose. */
export async function handOver(controller: Controller, force: boolean): Promise<HandOverResult> {
  if (!force) {
    const { refusal } = lanePlan.parse(passedOn(await controller.ports.askLane({ do: 'hand-over-plan' }, PLAN_MS)));
    // The lane refuses in its own words.
    const { against } = refusal === null ? await weigh(controller) : { against: [] };
    if (against.length > 0) throw new TandemError('refused', against.join('; '), { remedy: FORCE });
  }
  return said.parse(passedOn(await controller.ports.askLane({ do: 'hand-over', by: 'controller' }, HAND_OVER_MS)));
}
