import type { HealthMemory } from '../../model/healthMemory.ts';
import type { CheckState, Known } from './types.ts';

/** What was known longer ago than this is not used, ms: servers may have changed meanwhile, and the twin may know better. */
export const MEMORY_MS = 60_000;
/** The longest slow start, ms; what has risen longer ago is plainly up. */
const LONGEST_RAMP_MS = 3_600_000;
const MAX_TEXT = 300;

const plain = ({ verdict, provenSince, share, warning, risenAt }: CheckState, now: number): boolean =>
  verdict === 'up' &&
  provenSince !== undefined &&
  share === 100 &&
  warning === '' &&
  (risenAt === undefined || now - risenAt > LONGEST_RAMP_MS);

/** Servers that are plainly up are left out, so that it is short when all is well. @param names by check id */
export function remember(
  checks: readonly CheckState[],
  names: ReadonlyMap<string, string>,
  digest: string,
  now: number,
): HealthMemory {
  const special = checks.flatMap((check) => {
    const server = names.get(check.spec.id);
    if (server === undefined || plain(check, now)) return [];
    const { verdict, reason, share, warning, risenAt, provenSince } = check;
    return {
      server,
      verdict: verdict === 'unknown' || provenSince === undefined ? null : verdict,
      reason: reason.slice(0, MAX_TEXT),
      share,
      warning: warning.slice(0, MAX_TEXT),
      risenAt: risenAt ?? null,
    };
  });
  return { digest, at: now, checks: special };
}

/** What a process finds when it starts. */
export interface AtStart {
  /** By check id. */
  readonly names: ReadonlyMap<string, string>;
  /** Of the document in force. */
  readonly digest: string;
  /** By check id, what the kernel's table says (`adoptedVerdicts`). */
  readonly adopted: Readonly<Record<string, 'up' | 'down'>>;
  /** Services whose quorum is lost: in the kernel none of their servers gets clients, whatever its verdict. */
  readonly lost: ReadonlySet<string>;
}

/**
 * What of it still holds, by check id; nothing when it is of another document, too old, or of another boot. A verdict that
 * turned after it was written is in the kernel already, which is told first.
 */
export function recall(memory: HealthMemory, found: AtStart, now: number): ReadonlyMap<string, Known> {
  const { names, digest, adopted, lost } = found;
  const known = new Map<string, Known>();
  if (memory.digest !== digest || now - memory.at > MEMORY_MS || memory.at > now) return known;
  const special = new Map(memory.checks.map((check) => [check.server, check]));
  for (const [id, name] of names) {
    const said = special.get(name);
    const verdict = said === undefined ? 'up' : said.verdict;
    if (verdict === null) continue;
    const quiet = said?.share === 0 || lost.has(name.split('/')[0] ?? '');
    const turned = adopted[id] !== undefined && adopted[id] !== verdict && !(verdict === 'up' && quiet);
    if (turned) continue;
    known.set(id, said === undefined ? PLAINLY_UP : knownOf(said, verdict));
  }
  return known;
}

const PLAINLY_UP: Known = { verdict: 'up', reason: '', risenAt: undefined, share: 100, warning: '' };

const knownOf = (
  { reason, share, warning, risenAt }: HealthMemory['checks'][number],
  verdict: 'up' | 'down',
): Known => ({ verdict, reason, share, warning, risenAt: risenAt ?? undefined });
