import type { Standing } from './plan.ts';

/** A long-lived connection through a changed service that ended otherwise than by its client. Times on the host's monotonic clock, ms. */
export interface Cut {
  /** `churn3/s2` */
  readonly server: string;
  readonly at: number;
  /** `ECONNRESET`, `closed`, `no answer` */
  readonly how: string;
}

/** From when on a server stood so: when that was asked for, since what was asked may be in force at once. */
export interface Turn {
  readonly server: string;
  readonly standing: Standing;
  readonly at: number;
}

export interface Cuts {
  /** On a server that drains: taken out of use, or out of the document for less than its deadline. */
  readonly drained: number;
  /** On a server in use. */
  readonly inUse: number;
  /** On a server that is out of the document for longer than its deadline: as it should be. */
  readonly due: number;
  /** Of those that should not have been, the first few, a sentence each. */
  readonly examples: readonly string[];
}

const EXAMPLES = 5;

/**
 * What cuts were wrong.
 * @param turns in their order; a server that none names is in use.
 * @param deadlineMs that the connections of a removed server are let be.
 */
export function judgeCuts(cuts: readonly Cut[], turns: readonly Turn[], deadlineMs: number): Cuts {
  const counted = { drained: 0, inUse: 0, due: 0 };
  const examples: string[] = [];
  for (const { server, at, how } of cuts) {
    const last = turns.findLast((turn) => turn.server === server && turn.at <= at);
    const standing = last?.standing ?? 'in';
    const since = at - (last?.at ?? at);
    if (standing === 'out' && since >= deadlineMs) counted.due += 1;
    else {
      counted[standing === 'in' ? 'inUse' : 'drained'] += 1;
      if (examples.length < EXAMPLES) {
        const where = { in: 'in use', drained: 'drained', out: 'out of the document' }[standing];
        examples.push(`${server}: ${how} ${(since / 1000).toFixed(1)} s after it was ${where}`);
      }
    }
  }
  return { ...counted, examples };
}

/** The turns by which one standing of all servers becomes another. */
export function turnsTo(
  before: ReadonlyMap<string, Standing>,
  after: ReadonlyMap<string, Standing>,
  at: number,
): readonly Turn[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((server) => {
    const standing = after.get(server) ?? 'out';
    return standing === (before.get(server) ?? 'out') ? [] : [{ server, standing, at }];
  });
}
