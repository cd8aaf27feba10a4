import * as z from 'zod';
import { LINKS } from './pair.ts';
import { headSchema, restoredSchema } from './timeline.ts';

/** What `tandem status --json` prints and what the rack's picture reads. */

const link = z.object({
  link: z.enum(LINKS),
  heard: z.boolean().meta({ help: 'a valid beat arrived within the deadline' }),
  ageMs: z.number().nullable().meta({ unit: 'ms', help: 'since the last valid beat; null = none in this run' }),
  sent: z.number(),
  frames: z.number().default(0).meta({ help: 'that came: received and all refused together' }),
  received: z.number().meta({ help: 'beats of the twin that were accepted' }),
  refused: z.record(z.string(), z.number()).meta({
    help: 'frames not accepted, by reason: truncated, long, future-version, foreign, corrupted, malformed, replayed, reflected, unasked',
  }),
  dropped: z
    .record(z.string(), z.number())
    .default({})
    .meta({ help: 'what never became a frame or never left, by reason: the link’s own losses' }),
  hearsUs: z.boolean().optional().meta({ help: 'the twin says within the deadline that it hears us on this link' }),
  sinceMs: z
    .number()
    .nullable()
    .optional()
    .meta({ unit: 'ms', help: 'heard without a break for so long, or silent; null = never heard' }),
  roundTrip: z.object({ min: z.number(), median: z.number(), max: z.number() }).nullable().optional().meta({
    unit: 'ms',
    help: 'over the last minute, from a beat of ours to the first that echoes it, the twin’s wait for its turn included',
  }),
  loss: z
    .number()
    .nullable()
    .optional()
    .meta({ help: 'share of the twin’s beats that did not arrive on this link in the last minute, 0 to 1' }),
  beatsPerSecond: z.number().optional().meta({ unit: 'beats/s', help: 'sent, over the last minute' }),
  line: z
    .object({ baud: z.number().meta({ unit: 'bit/s' }), use: z.number().meta({ help: 'share of it that beats use' }) })
    .optional()
    .meta({ help: 'of the serial link' }),
});

const hold = z.object({ reason: z.string(), by: z.string() });

export const laneStatusSchema = z.object({
  node: z.enum(['a', 'b']),
  role: z.enum(['idle', 'standby', 'taking', 'active', 'releasing']),
  term: z.number(),
  peer: z.object({
    heard: z.boolean(),
    role: z.string(),
    term: z.number(),
    ready: z.boolean(),
    held: z.boolean().optional().meta({ help: 'by an operator, as its last beat says' }),
    speaks: z.number().optional().meta({ help: 'highest version of a beat that the twin speaks' }),
    nics: z
      .object({ public: z.boolean(), private: z.boolean() })
      .optional()
      .meta({ help: 'carrier of the twin’s NICs, as its last beat says' }),
  }),
  floats: z.object({ public: z.boolean(), private: z.boolean() }).meta({ help: 'held, as this kernel shows it' }),
  nics: z.object({ public: z.boolean(), private: z.boolean() }).meta({ help: 'carrier' }),
  ready: z.boolean(),
  restored: restoredSchema
    .optional()
    .meta({ help: 'while this box owns the floats: which neighbours have answered it' }),
  returns: z
    .object({
      to: z.enum(['a', 'b']),
      waitsFor: z.string().meta({ help: 'in words; empty when only time has to pass' }),
      inMs: z
        .number()
        .nullable()
        .meta({ unit: 'ms', help: 'until the floats go there; null while it waits for something' }),
    })
    .optional()
    .meta({ help: 'while this box owns the floats and the document prefers the other: when they go there' }),
  hold: hold.optional().meta({ help: 'an operator’s; absent = this box is not held' }),
  lateMs: z.number().meta({
    unit: 'ms',
    help: 'the latest that the lane woke in the last 10 s: near the deadline, the twin takes this box for dead',
  }),
  links: z.array(link),
  alarms: z.array(z.object({ code: z.string(), subject: z.string(), text: z.string() })),
  transitions: z.array(headSchema).meta({ help: 'newest first, at most 32, those of earlier runs too' }),
});

/** As the kernel has counted since the server came into the table; it brings them up to date every 2 s. */
const counters = z
  .object({ connections: z.number(), bytesIn: z.number(), bytesOut: z.number() })
  .default({ connections: 0, bytesIn: 0, bytesOut: 0 });

const server = z.object({
  name: z.string(),
  address: z.string(),
  port: z.number(),
  forwarding: z.enum(['masquerade', 'direct', 'tunnel']),
  up: z.boolean(),
  drained: z.boolean().meta({ help: 'taken out of use by an operator: no new connections' }),
  weight: z.number().meta({ help: 'as the kernel has it' }),
  configuredWeight: z.number(),
  active: z.number(),
  inactive: z.number(),
  counters,
  reason: z
    .string()
    .meta({ help: 'of the last check that changed the verdict; of a server that is down, of the last one' }),
  share: z.number().optional().meta({ help: 'percent of its weight by its agent and slow start, 0 to 100' }),
  warning: z.string().optional().meta({ help: 'of its check, although it was good' }),
});

const service = z.object({
  name: z.string(),
  protocol: z.string(),
  address: z.string(),
  port: z.number().meta({ help: '0: by firewall mark' }),
  listening: z.string().optional().meta({ help: 'all addresses and ports, as a person reads them' }),
  scheduler: z.string(),
  servers: z.array(server),
  sorry: z.boolean().optional().meta({ help: 'its quorum is lost: new clients go to the sorry server' }),
});

export const statusSchema = z.object({
  name: z.string().meta({ help: 'of the pair' }),
  revision: z.number(),
  digest: z.string(),
  lane: laneStatusSchema.nullable().meta({ help: 'null when the pair lane does not answer' }),
  services: z.array(service),
  counts: z
    .object({
      services: z.number(),
      servers: z.number(),
      up: z.number().meta({ help: 'servers whose checks succeed' }),
    })
    .optional()
    .meta({ help: 'of the whole document, also when only some services were asked for' }),
  checks: z
    .object({
      stuck: z.number().meta({ help: 'checks that have proven nothing for five intervals: their verdicts are held' }),
      lateMs: z.number().nullable().meta({ unit: 'ms', help: 'by which 99 of 100 of the last 512 were late at most' }),
    })
    .optional(),
  alarms: z.array(z.object({ code: z.string(), subject: z.string(), text: z.string() })),
  dropped: z
    .array(z.object({ chain: z.enum(['input', 'forward']), packets: z.number(), bytes: z.number() }))
    .optional()
    .meta({
      help: 'by the firewall, since its table came into the kernel: for this box, and to be routed past the services',
    }),
  findings: z.number().optional().meta({ help: 'of `tandem lint`, those that raise no alarm' }),
});

export type LaneStatus = z.infer<typeof laneStatusSchema>;
export type Status = z.infer<typeof statusSchema>;
