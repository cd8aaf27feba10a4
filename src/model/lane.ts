import * as z from 'zod';
import { LINKS } from './pair.ts';

/**
 * What the controller compiles out of the document for the pair lane: `/var/lib/tandem/lane.json`, written atomically,
 * read at start and on `reload`. The lane knows no other configuration.
 */
/** Of IPv6, beside the IPv4 address. */
const address6 = z.object({ address: z.string(), prefix: z.number().int() });

const float = z.object({
  address: z.string(),
  prefix: z.number().int(),
  device: z.string(),
  address6: address6.optional(),
  /** The classic alias, e.g. `eth0:1`. */
  label: z.string(),
});

const own = z.object({
  device: z.string(),
  address: z.string(),
  prefix: z.number().int(),
  address6: address6.optional(),
});

/** Neighbours that a new owner asks: the gateway, and at most so many real servers. */
export const MAX_ASKED_SERVERS = 16;

/** A machine whose entry for the float of its side has to lead to the owner. */
const neighbour = z.object({
  side: z.enum(['public', 'private']),
  /** IPv4. */
  address: z.string(),
  kind: z.enum(['gateway', 'server']),
});

export const laneSchema = z.object({
  node: z.enum(['a', 'b']),
  pairName: z.string(),
  /** Hex digest of the document. */
  digest: z.string(),
  floats: z.object({ public: float, private: float }),
  nics: z.object({ public: own, private: own }),
  /** The twin's own addresses, for beats over the data NICs. */
  peer: z.object({ public: z.string(), private: z.string() }),
  /** This box's NIC for nothing but beats, and the twin's address on it; absent where `links` does not name it. */
  heartbeat: own.extend({ peer: z.string() }).optional(),
  /** Absent in the file of a release that asked nobody. */
  neighbours: z
    .array(neighbour)
    .max(1 + MAX_ASKED_SERVERS)
    .default([]),
  links: z.array(z.enum(LINKS)).min(1),
  serial: z.object({ path: z.string(), baud: z.number().int() }),
  /** UDP port of the beats. */
  port: z.number().int(),
  intervalMs: z.number(),
  deadlineMs: z.number(),
  /** Which node is handed the floats after so many ms of fitness; absent = whoever owns them keeps them. */
  preference: z.object({ node: z.enum(['a', 'b']), afterMs: z.number() }).optional(),
  keyFile: z.string(),
});

export type Neighbour = z.infer<typeof neighbour>;
export type Lane = z.infer<typeof laneSchema>;
