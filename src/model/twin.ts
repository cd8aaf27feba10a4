import * as z from 'zod';
import { LIMITS } from './document.ts';
import { nicFiguresSchema } from './nic.ts';
import { patchSchema } from './patch.ts';
import { MAX_RECORDS } from './timeline.ts';

/** What the controllers of a pair say to each other over their channel: one JSON object a line. */

/** Bytes of one line: a document of the greatest length, escaped as JSON, and the records of a box fit. */
export const MAX_FRAME = 10 * 1024 * 1024;

/** Real servers' uses in one message. */
export const MAX_USES = 500;

/** Checks in one message. */
export const MAX_WORDS = 500;
/** Characters of why a server is up or down. */
export const MAX_WHY = 200;

const node = z.enum(['a', 'b']);
const counter = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const digest = z.string().regex(/^[0-9a-f]{1,128}$/);

/** Which revision, and where it stands among all of the pair. */
export const stampSchema = z.object({
  /** Greater than every number that its maker had heard of: a Lamport clock, from 1. */
  number: counter,
  /** Who made it; empty = made by a release that did not write it down. */
  node: z.enum(['a', 'b', '']),
  /** What a box was set up with, before anybody applied a document. */
  seed: z.boolean(),
  digest,
  /** The highest number of each box that it was made with knowledge of: what it lacks, it supersedes unseen. */
  lineage: z.object({ a: counter, b: counter }),
});

/** A drained or enabled real server: the last word said of it. */
export const useSchema = z.object({
  /** `web/s2` */
  server: z.string().min(1).max(200),
  drained: z.boolean(),
  /** Greater than every one that its maker had heard of. */
  counter,
  node: z.enum(['a', 'b', '']),
  author: z.string().max(80),
  /** ms since the epoch; for people. */
  at: z.number(),
});

const refused = z.object({ number: counter, digest, reason: z.string().max(1_000) });

/** What a box's own checks prove of a server. */
const word = z.object({
  /** `web/s2`; of the servers that share a check, the first of the document. */
  server: z.string().min(1).max(200),
  /** `unknown`: it has asked nobody yet, or its checker is stuck. */
  verdict: z.enum(['up', 'down', 'unknown']),
  reason: z.string().max(MAX_WHY),
  /** Since it came back from being down, ms; null = it was not away. */
  risenMs: z.number().min(0).nullable(),
});

/** Verdicts: all of them in pieces when the channel opens or another document is in force, then what has changed. */
const health = z.object({
  do: z.literal('health'),
  /** Of the document that the checks are of. */
  digest,
  /** What was said before is void: what is not named is unknown. */
  first: z.boolean(),
  owns: z.boolean().meta({ help: 'its lane owns the floats' }),
  /** Services whose quorum is lost; null = as said before. */
  lost: z.array(z.string().max(64)).max(LIMITS.services).nullable(),
  words: z.array(word).max(MAX_WORDS),
  more: z.boolean().meta({ help: 'the rest follows' }),
});

export const twinMessage = z.discriminatedUnion('do', [
  // What the sender's disk holds; also the receipt of a revision. `asks` wants the same of the hearer.
  z.object({
    do: z.literal('have'),
    revision: stampSchema.nullable(),
    refused: refused.nullable(),
    asks: z.boolean(),
  }),
  z.object({
    do: z.literal('revision'),
    stamp: stampSchema,
    author: z.string().max(80),
    at: z.number(),
    text: z.string().max(LIMITS.text),
  }),
  // A revision that is another one, which the twin has, with a patch in it; said once, then as a whole. A release that knows
  // no patches passes this over.
  z.object({
    do: z.literal('patch'),
    stamp: stampSchema,
    author: z.string().max(80),
    at: z.number(),
    base: stampSchema.pick({ number: true, node: true, digest: true }),
    patch: patchSchema,
  }),
  z.object({ do: z.literal('uses'), uses: z.array(useSchema).max(MAX_USES) }),
  // The receipt: these are on the sender's disk.
  z.object({
    do: z.literal('kept'),
    uses: z.array(useSchema.pick({ server: true, counter: true, node: true })).max(MAX_USES),
  }),
  health,
]);

/** A question that the other controller answers; each kind has its own part in `shell/replicate/answers.ts`. */
export const twinQuestion = z.discriminatedUnion('what', [
  z.object({ what: z.literal('status') }),
  z.object({ what: z.literal('facts') }),
  z.object({ what: z.literal('nics') }),
  z.object({ what: z.literal('timeline'), last: z.number().int().min(1).max(MAX_RECORDS) }),
]);

/** Answer to `status`: the health of a box in a few words. */
export const twinStatusSchema = z.object({
  node,
  revision: z.number(),
  digest: z.string(),
  role: z.string().max(20),
  ready: z.boolean().meta({ help: 'its kernel holds its document' }),
  serversUp: z.number(),
  servers: z.number(),
  alarms: z.array(z.string().max(200)).max(64),
});

/** Answer to `facts`: what a hand-over is judged by. */
export const twinFactsSchema = z.object({
  node,
  revision: counter,
  digest: z.string().max(128),
  holds: z.boolean().meta({ help: 'its kernel holds its document' }),
  services: z
    .array(
      z.object({ name: z.string().max(64), servers: counter, up: counter.meta({ help: 'with a weight above 0' }) }),
    )
    .max(LIMITS.services),
  connections: counter.meta({ help: 'active and inactive ones of all services' }),
  syncMs: z.number().min(0).meta({ help: 'for how long both sync daemons have run, ms' }),
});

/** Answer to `nics`: a box's data NICs; null = there is no such device. */
export const twinNicsSchema = z.object({ public: nicFiguresSchema.nullable(), private: nicFiguresSchema.nullable() });

export type TwinNics = z.infer<typeof twinNicsSchema>;
export type TwinFacts = z.infer<typeof twinFactsSchema>;
export type Stamp = z.infer<typeof stampSchema>;
export type ServerUse = z.infer<typeof useSchema>;
export type Refused = z.infer<typeof refused>;
export type TwinMessage = z.infer<typeof twinMessage>;
export type TwinHealth = z.infer<typeof health>;
/** What is kept on both disks. */
export type KeptMessage = Exclude<TwinMessage, TwinHealth>;
export type TwinRevision = Extract<TwinMessage, { do: 'revision' }>;
export type TwinPatch = Extract<TwinMessage, { do: 'patch' }>;
export type PatchBase = TwinPatch['base'];
export type TwinQuestion = z.infer<typeof twinQuestion>;
export type TwinStatus = z.infer<typeof twinStatusSchema>;

/** Router and number, as people read it: `revision 8 of b`. */
export const revisionName = ({ number, node: maker }: Pick<Stamp, 'number' | 'node'>): string =>
  `revision ${number}${maker === '' ? '' : ` of ${maker}`}`;
