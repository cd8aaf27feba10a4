import * as z from 'zod';
import type { Answer, HandOverPlan, HandOverResult } from '../../model/control.ts';
import { TandemError } from '../../model/error.ts';
import { type NodeId, peerOf } from '../../model/pair.ts';
import type { Controller } from './controller.ts';
import { factsOf } from './facts.ts';
import { type Weighed, weigh } from './weigh.ts';

const said = z.object({ text: z.string() });
const lanePlan = z.object({ refusal: z.string().nullable(), steps: z.array(z.string()) });
/** A hand-over has its own limits in the lane; this one is only for a lane that died meanwhile. */
const HAND_OVER_MS = 10_000;
const PLAN_MS = 2_000;
/** Beside what the lane says, an operator's word goes past it. */
const FORCE = 'wait, or go on all the same: `tandem hand-over --force`';

/** Nobody has found that clients would lose anything, and a box that has to go must be able to. */
const unheardRemedy = (twin: NodeId): string =>
  `see \`systemctl status tandem-controller\` on ${twin}; or go on without its word, which needs \`tandem hand-over --force\``;

const remedyFor = ({ unheard }: Weighed, node: NodeId): string => (unheard ? unheardRemedy(peerOf(node)) : FORCE);

/** What this box's lane answered. @throws TandemError `refused` with the lane's reason. */
export function passedOn(answer: Answer): unknown {
  if (answer.ok) return answer.result;
  const { message, remedy } = answer.error;
  throw new TandemError('refused', message, remedy === undefined ? {} : { remedy });
}

/** What a hand-over would do. What the lane refuses comes before what clients would lose. */
export async function planHandOver(controller: Controller): Promise<HandOverPlan> {
  const plan = lanePlan.parse(passedOn(await controller.ports.askLane({ do: 'hand-over-plan' }, PLAN_MS)));
  const { channel, node } = controller.ports;
  const weighed = await weigh(channel, factsOf(controller));
  const { facts, against } = weighed;
  if (plan.refusal !== null || against.length === 0) return { ...plan, facts };
  return { refusal: against.join('; '), remedy: remedyFor(weighed, node.name), forcible: true, steps: [], facts };
}

/** @throws TandemError `refused` with every reason there is, unless it is forced past what clients would lose. */
export async function handOver(controller: Controller, force: boolean): Promise<HandOverResult> {
  if (!force) {
    const { refusal } = lanePlan.parse(passedOn(await controller.ports.askLane({ do: 'hand-over-plan' }, PLAN_MS)));
    // The lane refuses in its own words.
    const weighed = refusal === null ? await weigh(controller.ports.channel, factsOf(controller)) : undefined;
    if (weighed !== undefined && weighed.against.length > 0) {
      throw new TandemError('refused', weighed.against.join('; '), {
        remedy: remedyFor(weighed, controller.ports.node.name),
        forcible: true,
      });
    }
  }
  return said.parse(passedOn(await controller.ports.askLane({ do: 'hand-over', by: 'controller' }, HAND_OVER_MS)));
}
