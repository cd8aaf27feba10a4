import type { HealthMemory } from '../../model/healthMemory.ts';
import type { CheckState, Known } from './types.ts';

/** What was known longer ago than this is not used, ms: servers may have changed meanwhile, and the twin may know better. */
export const MEMORY_MS = 30_000;
/** The longest slow start, ms; what has risen longer ago is plainly up. */
const LONGEST_RAMP_MS = 3_600_000;
const MAX_TEXT = 2_000;

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
  about: Pick<HealthMemory, 'digest' | 'lost'>,
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
  return { ...about, at: now, checks: special };
}

export interface Recalled {
  /** By check id. */
  readonly known: ReadonlyMap<string, Known>;
  readonly lost: readonly string[];
}

const PLAINLY_UP: Known = { verdict: 'up', reason: '', risenAt: undefined, share: 100, warning: '' };

/**
 * What of it still holds; undefined when it is of another document, too old, or of another boot.
 * @param names by check id
 */
export function recall(
  { digest, at, lost, checks }: HealthMemory,
  names: ReadonlyMap<string, string>,
  inForce: string,
  now: number,
): Recalled | undefined {
  if (digest !== inForce || now - at > MEMORY_MS || at > now) return undefined;
  const special = new Map(checks.map((check) => [check.server, check]));
  const known = new Map<string, Known>();
  for (const [id, name] of names) {
    const said = special.get(name);
    if (said === undefined) known.set(id, PLAINLY_UP);
    else if (said.verdict !== null) {
      const { verdict, reason, share, warning, risenAt } = said;
      known.set(id, { verdict, reason, share, warning, risenAt: risenAt ?? undefined });
    }
  }
  return { known, lost };
}
