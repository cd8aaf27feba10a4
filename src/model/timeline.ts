import * as z from 'zod';
import { LINKS } from './pair.ts';

/**
 * The flight recorder's vocabulary: what the lane keeps of the last minute around each move of the floats.
 * `tandem timeline --json` prints it, and two boxes' records make one story (src/core/timeline).
 */

/** Records kept on a box, the newest, and bytes of one on its disk: 1 MiB in all. */
export const MAX_RECORDS = 32;
export const MAX_RECORD = 32 * 1024;

/** Marks and beats of each direction in one record, the newest. */
export const MAX_MARKS = 224;
export const MAX_BEATS = 96;

/** How far back a record looks from its move, and for how long it goes on afterwards, ms. */
export const LOOKS_BACK = 60_000;
export const GOES_ON = 3_000;

/** Characters of a record's evidence. */
export const MAX_EVIDENCE = 400;

/** Which neighbours resolve the floats to the box that took them, and since when. */
export const restoredSchema = z.object({
  ms: z.number().nullable().meta({
    unit: 'ms',
    help: 'from the cause (the last beat heard, the owner’s word) to the last answer; null = a gateway has not answered',
  }),
  at: z
    .number()
    .nullable()
    .meta({ unit: 'ms', help: 'of the last answer, on the box’s monotonic clock; null as `ms`' }),
  neighbours: z
    .array(
      z.object({
        address: z.string().max(45),
        side: z.enum(['public', 'private']),
        kind: z.enum(['gateway', 'server']),
        ms: z.number().nullable().meta({ unit: 'ms', help: 'from the cause to its first answer; null = none' }),
      }),
    )
    .max(64),
});

export type Restored = z.infer<typeof restoredSchema>;

/** What a mark can be. What `subject` and `value` mean is said beside each. */
export const MARKS = [
  /** The last beat that came over a link before it fell silent. Link; sequence. */
  'last-beat',
  /** A link was silent past the deadline. Link; ms of the deadline. */
  'silent',
  /** A link is heard again, or for the first time. Link; ms that it was silent, 0 for the first time. */
  'heard',
  /** Longer than two intervals without a beat on a link. Link; ms of the longest. */
  'gap',
  /** The lane's timer fired late. ms at worst. */
  'late',
  /** The box stood still: longer without a step than a beat may be late. ms. */
  'stalled',
  /** Carrier of a NIC. Side. */
  'nic-up',
  'nic-down',
  /** A reason to probe, e.g. a beat is missing on every link. */
  'suspected',
  /** An ARP probe of both floats goes out. */
  'probe',
  /** Another machine answers for a float, or probes for it. Side; its MAC as a number. */
  'claim',
  'rival',
  /** This node's role. Role; term. */
  'role',
  /** The twin's role, as its beat says. Role; term. */
  'twin',
  /** Another process of the twin has proved to be alive. */
  'twin-boot',
  /** The owner's side of a hand-over. Its phase; the term that the twin prepared. */
  'hand-over',
  /** The standby's answer to it. Term. */
  'prepared',
  /** A term on its way to the disk, and there. Term. */
  'persist',
  'persisted',
  /** The kernel is asked for both floats, has them, or refuses. Term. */
  'install',
  'installed',
  'install-failed',
  /** The kernel is asked to let both go, and has. */
  'drop',
  'dropped',
  /** Gratuitous ARP for both floats is out. */
  'announced',
  'controller-ready',
  'controller-not-ready',
  'controller-silent',
  /** The service is asked to end. */
  'shutdown',
  /** A changed document is in force. */
  'document',
] as const;

export type MarkKind = (typeof MARKS)[number];

/** What a mark concerns: a link, a side, a role or the phase of a hand-over; empty for the node as a whole. */
export const SUBJECTS = [
  '',
  'serial',
  'heartbeat',
  'public',
  'private',
  'idle',
  'standby',
  'taking',
  'active',
  'releasing',
  'asking',
  'dropping',
  'granted',
] as const;

export type Subject = (typeof SUBJECTS)[number];

const bootText = z.string().regex(/^([0-9a-f]{16})?$/);

const mark = z.object({
  at: z.number().meta({ unit: 'ms', help: 'on the monotonic clock of the box' }),
  what: z.enum(MARKS),
  subject: z.enum(SUBJECTS),
  value: z.number(),
  count: z.number().int().meta({ help: 'marks of this kind that came so close together that they are one' }),
});

/** Sequence of a beat and when it was sent or first heard, ms on the monotonic clock of the box. */
const beatTime = z.tuple([z.number().int(), z.number()]);

/** A move as `tandem status` lists it. */
export const headSchema = z.object({
  at: z.number().meta({ unit: 'ms since the epoch' }),
  from: z.string().max(20),
  to: z.string().max(20),
  term: z.number().int(),
  cause: z.string().max(40),
  evidence: z.string().max(MAX_EVIDENCE),
  steps: z.record(z.string().max(40), z.number()),
  restored: restoredSchema.optional().meta({ help: 'of a move to active, once its neighbours were asked' }),
});

export const recordSchema = headSchema.extend({
  id: z.string().max(40).meta({ help: 'the lane’s process and a count of its records' }),
  node: z.enum(['a', 'b']),
  boot: bootText.meta({ help: 'of the lane’s process; clocks and sequences are comparable within one' }),
  twinBoot: bootText.meta({ help: 'of the process whose beats were heard; empty = none' }),
  monotonic: z.number().meta({ unit: 'ms', help: 'the box’s monotonic clock when its wall clock showed `at`' }),
  firstSign: z.number().meta({ unit: 'ms', help: 'on the monotonic clock: the steps count since then' }),
  complete: z.boolean().meta({ help: 'false: the lane ended before the record did' }),
  links: z
    .array(
      z.object({
        link: z.enum(LINKS),
        sent: z.number().meta({ help: 'beats since the link was opened' }),
        received: z.number(),
        lastSequence: z.number().int().meta({ help: 'highest heard from the twin; 0 = none' }),
        lastAt: z.number().nullable().meta({ unit: 'ms', help: 'when, on the monotonic clock; null = never' }),
      }),
    )
    .max(LINKS.length),
  marks: z.array(mark).max(MAX_MARKS).meta({ help: 'oldest first' }),
  beats: z
    .object({ sent: z.array(beatTime).max(MAX_BEATS), heard: z.array(beatTime).max(MAX_BEATS) })
    .meta({ help: 'beats that sender and hearer both keep: they relate the clocks of the two boxes' }),
});

/** What `tandem timeline --json` prints of one box. */
export const timelineSchema = z.object({
  node: z.enum(['a', 'b']),
  records: z.array(recordSchema).max(MAX_RECORDS).meta({ help: 'oldest first' }),
});

export type Mark = z.infer<typeof mark>;
export type RecordHead = z.infer<typeof headSchema>;
export type TimelineRecord = z.infer<typeof recordSchema>;
export type Timeline = z.infer<typeof timelineSchema>;
