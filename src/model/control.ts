import * as z from 'zod';
import { LIMITS } from './document.ts';
import { type DriftHold, type DriftRow, MAX_DRIFT_HOLD_MS, MAX_DRIFT_ROWS, MIN_DRIFT_HOLD_MS } from './drift.ts';
import type { Fault } from './error.ts';
import { holdReason } from './holdReason.ts';
import type { ToldFinding } from './lint.ts';
import { MAX_NAMED } from './named.ts';
import type { Role } from './pair.ts';
import { patchSchema } from './patch.ts';
import { MAX_POINTS, MAX_SINCE_MS, MAX_TOP } from './stats.ts';
import { MAX_RECORDS, type Timeline } from './timeline.ts';
import { twinQuestion } from './twin.ts';

/** Bytes of one line on a control socket: a document of the greatest length, escaped as JSON, fits. */
export const MAX_LINE = 8 * 1024 * 1024;

/** Alarms that the lane is told of, and characters of each. */
export const MAX_ALARMS = 64;
export const MAX_ALARM = 120;

/** Characters of what clients would lose by a hand-over. */
export const MAX_AGAINST = 500;

/**
 * The control sockets. One JSON object a line, at most `MAX_LINE` bytes, answered in order.
 * `/run/tandem/controller.sock` speaks to the CLI, `/run/tandem/lane.sock` to the controller and, when that is dead,
 * to the CLI.
 */

const hold = z.object({ do: z.literal('hold'), reason: holdReason, by: z.string().max(80) });
const resume = z.object({ do: z.literal('resume'), by: z.string().max(80) });

/** From which address somebody is logged in, and at which TCP port of this box: a hint, which only guards himself. */
const login = z.object({ address: z.string().max(45), port: z.number().int().min(1).max(65_535) }).optional();

/** To the controller. */
export const controllerRequest = z.discriminatedUnion('do', [
  // With `services`, only those of these names; of none the kernel is not asked for its table, which takes long of a large one.
  z.object({ do: z.literal('status'), services: z.array(z.string().max(64)).max(MAX_NAMED).optional() }),
  z.object({ do: z.literal('show'), revision: z.number().int().positive().optional() }),
  // `force` goes past a firewall that would lock its author out.
  z.object({
    do: z.literal('apply'),
    text: z.string().max(LIMITS.text),
    author: z.string().max(80),
    login,
    force: z.boolean().optional(),
  }),
  z.object({ do: z.literal('plan'), text: z.string().max(LIMITS.text), login }),
  // Looks at everything anew; with a document also at what it would bring. Answers LintResult.
  z.object({ do: z.literal('lint'), text: z.string().max(LIMITS.text).optional() }),
  // One field of a service or of a real server. Answers SetResult.
  z.object({ do: z.literal('set'), ...patchSchema.shape, author: z.string().max(80) }),
  z.object({ do: z.literal('events'), limit: z.number().int().min(1).max(1000) }),
  // The newest `last` records of transitions (src/model/timeline.ts).
  z.object({ do: z.literal('timeline'), last: z.number().int().min(1).max(MAX_RECORDS) }),
  // Answers Top (src/model/stats.ts): at most `limit` services and as many servers.
  z.object({ do: z.literal('top'), limit: z.number().int().min(1).max(MAX_TOP) }),
  // Answers StatsResult; `since` in ms.
  z.object({
    do: z.literal('stats'),
    series: z.string().max(200),
    since: z.number().int().min(1_000).max(MAX_SINCE_MS),
    points: z.number().int().min(1).max(MAX_POINTS),
  }),
  // Passed on to the twin's controller (src/model/twin.ts); answered by it.
  z.object({ do: z.literal('twin'), question: twinQuestion }),
  // `force` goes past what clients would lose, never past the lane's own reasons.
  z.object({ do: z.literal('hand-over'), force: z.boolean().optional() }),
  z.object({ do: z.literal('hand-over-plan') }),
  hold,
  resume,
  // Answers DriftResult; `since` in ms.
  z.object({
    do: z.literal('drift'),
    since: z.number().int().min(1_000).max(MAX_SINCE_MS),
    limit: z.number().int().min(1).max(MAX_DRIFT_ROWS),
  }),
  // Both answer DriftHoldResult; `for` in ms.
  z.object({
    do: z.literal('drift-hold'),
    reason: holdReason,
    by: z.string().max(80),
    for: z.number().int().min(MIN_DRIFT_HOLD_MS).max(MAX_DRIFT_HOLD_MS),
  }),
  z.object({ do: z.literal('drift-resume'), by: z.string().max(80) }),
  z.object({ do: z.literal('drain'), server: z.string().max(200), author: z.string().max(80) }),
  z.object({ do: z.literal('enable'), server: z.string().max(200), author: z.string().max(80) }),
  // What is wrong with it is said by model/password.ts: a schema's refusal would show the value.
  z.object({ do: z.literal('password'), password: z.string(), author: z.string().max(80) }),
]);

/** To the pair lane. `ready` is repeated every second by the controller: silence means it is dead or hung. */
export const laneRequest = z.discriminatedUnion('do', [
  z.object({ do: z.literal('status') }),
  z.object({
    do: z.literal('ready'),
    ready: z.boolean(),
    // For the front panel: `code subject` of each alarm that stands.
    alarms: z.array(z.string().max(MAX_ALARM)).max(MAX_ALARMS).optional(),
    // What clients would lose if the twin had the floats; null = nothing, absent = not judged.
    against: z.string().max(MAX_AGAINST).nullable().optional(),
  }),
  z.object({ do: z.literal('reload') }),
  // Frames of pairing on the serial line, base64; what came since the last request is the answer.
  z.object({ do: z.literal('pairing'), frames: z.array(z.string().max(128)).max(16) }),
  // Both answer KeysResult.
  z.object({ do: z.literal('keys') }),
  z.object({ do: z.literal('rotate-key'), by: z.string().max(80) }),
  z.object({ do: z.literal('hand-over'), by: z.string().max(80) }),
  z.object({ do: z.literal('hand-over-plan') }),
  hold,
  resume,
]);

export type ControllerRequest = z.infer<typeof controllerRequest>;
export type LaneRequest = z.infer<typeof laneRequest>;

/**
 * Every answer: `{ok:true, result}` or `{ok:false, error:{code,message,remedy?,faults?,forcible?}}`, with the request's `id`
 * where that had one: who gave up waiting for an answer knows it when it comes. What is `forcible` gives way to `force`.
 */
export type Answer =
  | { readonly id?: number; readonly ok: true; readonly result: unknown }
  | {
      readonly id?: number;
      readonly ok: false;
      readonly error: {
        readonly code: string;
        readonly message: string;
        readonly remedy?: string;
        readonly faults?: readonly { path: string; value: string; remedy: string }[];
        readonly forcible?: true;
      };
    };

/** The `result` of each answer of the controller; `status` answers `Status`, on the lane's socket `LaneStatus`. */
export interface PlanResult {
  /** Hex digest of the document as it would be applied. */
  readonly digest: string;
  /** False when it equals the revision in force. */
  readonly changed: boolean;
  /** One printed kernel step each, in order. */
  readonly steps: readonly string[];
  /** Established connections that the steps would break. */
  readonly breaks: number;
  /** Connections of servers that the steps quiesce: they go on, at most until the server's drain deadline. */
  readonly drains: number;
  readonly warnings: readonly Fault[];
}

export interface LintResult {
  readonly node: 'a' | 'b';
  /** What stands on this box, in the order in which a person should look at it. */
  readonly findings: readonly ToldFinding[];
  /** Of the document that was given; without one, none. */
  readonly warnings: readonly Fault[];
}

export interface ApplyResult extends Omit<PlanResult, 'breaks' | 'drains'> {
  readonly revision: number;
  /** Boxes whose disk holds this revision. */
  readonly heldBy: readonly ('a' | 'b')[];
  /** Why the twin's does not, one clause; absent when it does. */
  readonly twin?: string;
  /** What the kernel refused, one sentence each; it is tried again. */
  readonly refused: readonly string[];
}

export interface SetResult extends ApplyResult {
  /** What stood there, as JSON; null when nothing did. */
  readonly was: string | null;
  /** From the request that the controller had read to the kernel's word that it holds the change, ms; absent when nothing changed there. */
  readonly kernelMs?: number;
}

export interface ShowResult {
  readonly revision: number;
  readonly author: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly digest: string;
  /** The document as applied. */
  readonly text: string;
}

/** Newest first; `detail` is JSON. */
export type EventsResult = readonly {
  readonly at: number;
  readonly kind: string;
  readonly text: string;
  readonly detail: string;
}[];

/** Of the controller's `timeline`: this box's records. */
export type TimelineResult = Timeline;

export interface HandOverResult {
  readonly text: string;
}

/** Of `hold` and `resume`. */
export interface HoldResult {
  readonly text: string;
}

export interface DriftResult {
  /** Newest first. */
  readonly rows: readonly DriftRow[];
  /** Absent when drift is repaired. */
  readonly hold?: DriftHold;
  /** What a hold leaves alone, in words, at most `MAX_DRIFT_ROWS` of them. */
  readonly left: readonly string[];
}

export interface DriftHoldResult {
  readonly text: string;
  /** Of `drift-resume`: what had been left alone and is repaired now, in words. */
  readonly left: readonly string[];
  /** What the kernel refused, one sentence each; it is tried again. */
  readonly refused: readonly string[];
}

/** Of the lane's `ready`. */
export interface ReadyResult {
  /** Of this box to the floats. */
  readonly role: Role;
  /** A valid beat of the twin arrived within the deadline, on whatever link. */
  readonly twinHeard: boolean;
}

/** Of the lane's `pairing`: what came, base64. */
export interface PairingResult {
  readonly frames: readonly string[];
}

/** What a hand-over asked for now would do. */
export interface HandOverPlan {
  /** Why it would be refused; null when it would not. */
  readonly refusal: string | null;
  /** What would help, where the refusal does not say it itself. */
  readonly remedy?: string;
  /** Whether `force` goes past the refusal. */
  readonly forcible?: true;
  /** One sentence for each step, in order; none when it would be refused. */
  readonly steps: readonly string[];
  /** What each box holds, a line each; absent when the lane itself was asked. */
  readonly facts?: readonly string[];
}

/** How a drained or enabled server stands on this router. */
export interface DrainResult {
  /** `web/s2` */
  readonly server: string;
  readonly drained: boolean;
  /** False when it was so already. */
  readonly changed: boolean;
  /** Established connections of the server here. */
  readonly connections: number;
  /** Routers that this holds for. */
  readonly heldBy: readonly ('a' | 'b')[];
  /** Why it does not for the twin, one clause; absent when it does. */
  readonly twin?: string;
  /** What the operator should know before going to bed; empty when nothing. */
  readonly warnings: readonly string[];
}

/** The admin password of this router: for its web console and its serial console. */
export interface PasswordResult {
  /** Whether there was one before; its sessions are ended. */
  readonly replaced: boolean;
}
