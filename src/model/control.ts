import { z } from 'zod';

/**
 * The control sockets. One JSON object a line, at most 1 MiB, answered in order.
 * `/run/tandem/controller.sock` speaks to the CLI, `/run/tandem/lane.sock` to the controller and, when that is dead,
 * to the CLI.
 */

/** To the controller. */
export const controllerRequest = z.discriminatedUnion('do', [
  z.object({ do: z.literal('status') }),
  z.object({ do: z.literal('show'), revision: z.number().int().positive().optional() }),
  z.object({ do: z.literal('apply'), text: z.string().max(1_000_000), author: z.string().max(80) }),
  z.object({ do: z.literal('plan'), text: z.string().max(1_000_000) }),
  z.object({ do: z.literal('events'), limit: z.number().int().min(1).max(1000) }),
  z.object({ do: z.literal('hand-over') }),
]);

/** To the pair lane. `ready` is repeated every second by the controller: silence means it is dead or hung. */
export const laneRequest = z.discriminatedUnion('do', [
  z.object({ do: z.literal('status') }),
  z.object({ do: z.literal('ready'), ready: z.boolean() }),
  z.object({ do: z.literal('reload') }),
  z.object({ do: z.literal('hand-over'), by: z.string().max(80) }),
]);

export type ControllerRequest = z.infer<typeof controllerRequest>;
export type LaneRequest = z.infer<typeof laneRequest>;

/** Every answer: `{ok:true, ...}` or `{ok:false, error:{code,message,remedy?,faults?}}`. */
export type Answer =
  | { readonly ok: true; readonly result: unknown }
  | {
      readonly ok: false;
      readonly error: {
        readonly code: string;
        readonly message: string;
        readonly remedy?: string;
        readonly faults?: readonly { path: string; value: string; remedy: string }[];
      };
    };
