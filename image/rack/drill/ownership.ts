/**
 * Who owned a float, and when two did.
 *
 * Each answer to the watcher's question is a proof with two times: the float was on that machine at some moment between
 * the question's sending and the answer's arrival. A *tenure* is a run of one machine's answers that arrive at most
 * `JOIN` ms apart. Within a tenure, ownership is *certain* from the first arrival to the sending of the last question
 * answered, and *possible* from the sending of the first question to the last arrival.
 *
 * Time with two owners is the time in which the certain spans of two machines overlap. An answer that lay in a queue
 * while the float moved on therefore proves nothing, and an overlap shorter than about one question and one answer
 * (20 to 30 ms here) cannot be seen; the overlap of the possible spans is told beside it as the upper bound. A split is
 * time in which one machine certainly held the public and another certainly the private float.
 *
 * Announcements (gratuitous ARP) and traffic sent with the float's address are counted by sender, not judged as
 * ownership: a packet on its way when the float moves is none.
 */
export const JOIN = 40;

export const claimKinds = { answer: 0, announcement: 1, traffic: 2 } as const;

/** Times in ms; `sent` is null for all but answers, and for answers to a question nobody remembers. */
export type ClaimRow = readonly [mac: number, kind: number, received: number, sent: number | null];

export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Tenure {
  readonly mac: string;
  readonly answers: number;
  /** Undefined when no moment is certain. */
  readonly certain: Span | undefined;
  readonly possible: Span;
}

/** What one watcher saw. */
export interface FloatRecord {
  readonly macs: readonly string[];
  readonly claims: readonly ClaimRow[];
}

/** By machine, then in order of time. */
export function tenures(record: FloatRecord): Tenure[] {
  return record.macs.flatMap((mac, number) => {
    const answers = record.claims
      .flatMap(([who, kind, received, sent]) =>
        who === number && kind === claimKinds.answer && sent !== null ? [{ received, sent }] : [],
      )
      .sort((a, b) => a.received - b.received);
    const runs: { received: number; sent: number }[][] = [];
    for (const answer of answers) {
      const run = runs.at(-1);
      if (run !== undefined && answer.received - run.at(-1)!.received <= JOIN) run.push(answer);
      else runs.push([answer]);
    }
    return runs.map((run) => tenure(mac, run));
  });
}

function tenure(mac: string, run: readonly { received: number; sent: number }[]): Tenure {
  const firstReceived = run[0]!.received;
  const lastSent = run.reduce((last, { sent }) => Math.max(last, sent), -Infinity);
  const firstSent = run.reduce((first, { sent }) => Math.min(first, sent), Infinity);
  return {
    mac,
    answers: run.length,
    certain: lastSent >= firstReceived ? { from: firstReceived, to: lastSent } : undefined,
    possible: { from: firstSent, to: run.at(-1)!.received },
  };
}

/** Total time covered by spans of at least two different owners. */
export function overlap(owned: readonly { readonly owner: string; readonly span: Span }[]): number {
  const edges = owned
    .flatMap(({ owner, span }) => [
      { at: span.from, owner, change: 1 },
      { at: span.to, owner, change: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.change - b.change);
  const depth = new Map<string, number>();
  let owners = 0;
  let since = 0;
  let total = 0;
  for (const { at, owner, change } of edges) {
    if (owners >= 2) total += at - since;
    since = at;
    const before = depth.get(owner) ?? 0;
    depth.set(owner, before + change);
    if (before === 0 && change === 1) owners++;
    if (before === 1 && change === -1) owners--;
  }
  return total;
}

/** Ms in which two machines owned one float: certainly, and at the most. */
export function twoOwners(record: FloatRecord): { readonly certain: number; readonly possible: number } {
  const all = tenures(record);
  return {
    certain: overlap(all.flatMap(({ mac, certain }) => (certain ? [{ owner: mac, span: certain }] : []))),
    possible: overlap(all.map(({ mac, possible }) => ({ owner: mac, span: possible }))),
  };
}

/**
 * Ms in which the floats were certainly on two different boxes. `boxOf` names the box of a hardware address; one that
 * it does not know counts as a box of its own.
 */
export function split(
  publicSide: FloatRecord,
  privateSide: FloatRecord,
  boxOf: (mac: string) => string | undefined,
): number {
  let total = 0;
  for (const left of tenures(publicSide)) {
    for (const right of tenures(privateSide)) {
      if (!left.certain || !right.certain) continue;
      if ((boxOf(left.mac) ?? left.mac) === (boxOf(right.mac) ?? right.mac)) continue;
      const ms = Math.min(left.certain.to, right.certain.to) - Math.max(left.certain.from, right.certain.from);
      total += Math.max(0, ms);
    }
  }
  return total;
}

/** The machine with the latest certain or possible answer; undefined when nobody answered. */
export function lastOwner(record: FloatRecord): string | undefined {
  return tenures(record).sort((a, b) => b.possible.to - a.possible.to)[0]?.mac;
}

/** Machines that spoke as the float in any way and are neither box. */
export function strangers(record: FloatRecord, boxOf: (mac: string) => string | undefined): string[] {
  return record.macs.filter((mac) => boxOf(mac) === undefined);
}
