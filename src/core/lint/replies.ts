/**
 * Servers whose answers do not come back through this box, told from the kernel's counters alone: a masqueraded server that
 * is sent packets and sends none. Its default route is another router's, or its clients are in its own network.
 */

/** Packets in a row without one back, and how long that has to go on (ms), before it is said: the kernel counts in steps of 2 s. */
const PACKETS = 20;
const SPAN_MS = 10_000;

/** One server as the kernel counts it now; the counters may go back when it was deleted and added again. */
export interface Look {
  readonly name: string;
  readonly packetsIn: number;
  readonly packetsOut: number;
}

export interface Watched {
  /** When the first packet after its last answer was seen. */
  readonly since: number;
  /** `packetsIn` then, and at the last look. */
  readonly from: number;
  readonly packetsIn: number;
  readonly packetsOut: number;
  /** It owes answers; until one comes. */
  readonly missing: boolean;
}

export type Watches = ReadonlyMap<string, Watched>;

/** What is known after these looks. A server that is not among them is forgotten. @param now monotonic ms */
export function watchReplies(before: Watches, looks: readonly Look[], now: number): Watches {
  return new Map(looks.map((look) => [look.name, watched(before.get(look.name), look, now)]));
}

function watched(last: Watched | undefined, { packetsIn, packetsOut }: Look, now: number): Watched {
  const anew = last === undefined || packetsOut !== last.packetsOut || packetsIn < last.packetsIn;
  if (anew || packetsIn === last.from) return { since: now, from: packetsIn, packetsIn, packetsOut, missing: false };
  const owed = packetsIn - last.from >= PACKETS && now - last.since >= SPAN_MS;
  return { ...last, packetsIn, missing: last.missing || owed };
}

/** The names of those whose answers are missing, in the order of the looks. */
export const missingReplies = (watches: Watches): string[] =>
  [...watches].filter(([, { missing }]) => missing).map(([name]) => name);
