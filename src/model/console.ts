import * as z from 'zod';
import { LIMITS } from './document.ts';
import type { ErrorCode } from './error.ts';
import { holdReason } from './holdReason.ts';
import { patchSchema } from './patch.ts';
import { laneStatusSchema, statusSchema } from './status.ts';

/**
 * What the web console's page and the controller say to each other. Login and the like are plain HTTP; everything else is
 * one JSON object a message on one WebSocket: a snapshot of the picture, then what changed, and answers to requests.
 */

export const CONSOLE = {
  /** Bytes of one message to the server: a document of the greatest length, escaped as JSON, fits. */
  message: 8 * 1024 * 1024,
  /** Bytes of a login's body. */
  login: 2_048,
  /** Newest events in the picture. */
  events: 30,
  paths: { live: '/api/live', login: '/api/login', logout: '/api/logout', session: '/api/session' },
} as const;

/** Close codes of the WebSocket (RFC 6455, section 7.4.2: 4000 to 4999 are ours). */
export const CLOSED = {
  /** The session is over: log in again. */
  session: 4401,
  /** Too many messages that are none. */
  malformed: 4400,
  /** The reader does not keep up. */
  slow: 4408,
  /** The console stops; come back. */
  restart: 1012,
} as const;

const id = z.int().min(1).max(2_147_483_647);
const server = z.string().min(1).max(200);
const text = z.string().max(LIMITS.text);
/** Past a refusal that is `forcible`. */
const force = z.boolean().optional();

/** From the page. `id` comes back with the answer. */
export const consoleRequest = z.discriminatedUnion('do', [
  /** Sends a snapshot: the page lost a change. */
  z.strictObject({ id, do: z.literal('snapshot') }),
  /** A person is there: the session is not idle. */
  z.strictObject({ id, do: z.literal('here') }),
  z.strictObject({ id, do: z.literal('show') }),
  z.strictObject({ id, do: z.literal('plan'), text }),
  /** `on` is the revision in force when it was planned (0 = none): a plan made on another one is refused. */
  z.strictObject({ id, do: z.literal('apply'), text, on: z.int().min(0), force }),
  z.strictObject({ id, do: z.literal('set'), ...patchSchema.shape }),
  z.strictObject({ id, do: z.literal('hand-over-plan') }),
  z.strictObject({ id, do: z.literal('hand-over'), force }),
  z.strictObject({ id, do: z.literal('hold'), reason: holdReason }),
  z.strictObject({ id, do: z.literal('resume') }),
  /** Looks at everything anew, for a second or two. */
  z.strictObject({ id, do: z.literal('lint') }),
  z.strictObject({ id, do: z.literal('drain'), server }),
  z.strictObject({ id, do: z.literal('enable'), server }),
]);

export type ConsoleRequest = z.infer<typeof consoleRequest>;
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
export type ConsoleQuestion = WithoutId<ConsoleRequest>;

const side = z.object({ public: z.string(), private: z.string() });

/** Per second, over the last seconds. */
const rates = z.object({
  connections: z.number(),
  bytesIn: z.number().meta({ unit: 'byte/s' }),
  bytesOut: z.number().meta({ unit: 'byte/s' }),
});

const service = statusSchema.shape.services.element;

/** One router and its pair as this router knows them. */
export const pictureSchema = z.object({
  node: z.enum(['a', 'b']),
  version: z.string(),
  name: z.string().meta({ help: 'of the pair; empty without a document' }),
  revision: z.number(),
  digest: z.string(),
  lane: laneStatusSchema.nullable(),
  /** Own addresses and floats of the document in force; null without one. */
  figure: z
    .object({
      gateway: z.string().nullable(),
      devices: side,
      floats: side,
      routers: z.object({ a: side, b: side }),
    })
    .nullable(),
  services: z.array(
    service.extend({ servers: z.array(service.shape.servers.element.omit({ counters: true }).extend({ rates })) }),
  ),
  alarms: z.array(z.object({ code: z.string(), subject: z.string(), text: z.string() })),
  findings: z.number().meta({ help: 'of `tandem lint`, those that raise no alarm' }),
  /** Newest first. */
  events: z.array(
    z.object({ at: z.number().meta({ unit: 'ms since the epoch' }), kind: z.string(), text: z.string() }),
  ),
});

export type Picture = z.infer<typeof pictureSchema>;
export type PictureService = Picture['services'][number];
export type PictureServer = PictureService['servers'][number];

const fault = z.object({ path: z.string(), value: z.string(), remedy: z.string() });

/** A refusal, on the WebSocket and as the body of an HTTP answer. */
export const refusalSchema = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.string().optional(),
  faults: z.array(fault).optional(),
  forcible: z.literal(true).optional().meta({ help: 'the same request with `force` goes past it' }),
});
export type ConsoleRefusal = z.infer<typeof refusalSchema>;

const revision = z.int().min(1);
const ageMs = z
  .number()
  .min(0)
  .meta({ unit: 'ms', help: 'of the picture when this was sent, by the router’s own monotonic clock' });

/** To the page. */
export const consoleMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), revision, ageMs, picture: pictureSchema }),
  /** Makes `revision` out of the one before it; without changes it says that the picture is as fresh as that. */
  z.object({
    type: z.literal('diff'),
    revision,
    ageMs,
    changes: z.array(z.object({ at: z.array(z.union([z.string(), z.int()])), value: z.unknown().optional() })),
  }),
  z.object({ type: z.literal('answer'), id, result: z.unknown() }),
  /** `id` is null when the message could not be read. */
  z.object({ type: z.literal('refusal'), id: id.nullable(), error: refusalSchema }),
]);

export type ConsoleMessage = z.infer<typeof consoleMessage>;

export const loginSchema = z.strictObject({ password: z.string().max(1_000) });

/** What everybody may know who reaches the console. */
export const sessionSchema = z.object({
  node: z.enum(['a', 'b']),
  loggedIn: z.boolean(),
  /** False until somebody sets a password: nobody can log in. */
  passwordSet: z.boolean(),
});
export type SessionState = z.infer<typeof sessionSchema>;

/** The HTTP status that says the same as a refusal's code. */
export function httpStatus(code: ErrorCode): number {
  switch (code) {
    case 'bad-request':
    case 'bad-document':
      return 400;
    case 'no-session':
    case 'wrong-password':
      return 401;
    case 'wrong-origin':
      return 403;
    case 'not-found':
      return 404;
    case 'too-large':
      return 413;
    case 'too-many':
      return 429;
    case 'not-configured':
    case 'refused':
    case 'unreachable':
      return 503;
    default:
      return 500;
  }
}
