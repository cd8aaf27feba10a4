import { driftName, type Finding, firstFew } from '../../model/drift.ts';
import type { Alarm } from '../../model/pair.ts';

/** Found changed more often than `FIGHT_TIMES` in `FIGHT_MS`: another tool wants it otherwise. */
export const FIGHT_MS = 300_000;
export const FIGHT_TIMES = 5;
/** Names whose times are remembered. */
const MAX_NAMES = 1_000;

/** When each was found changed, by name, oldest first, monotonic ms; at most `FIGHT_TIMES` + 1 of each. */
export type Fights = ReadonlyMap<string, readonly number[]>;

/** Forgets what is long ago and notes what was found now. */
export function noted(fights: Fights, findings: readonly Finding[], now: number): Fights {
  if (fights.size === 0 && findings.length === 0) return fights;
  const next = new Map<string, readonly number[]>();
  for (const [name, times] of fights) {
    const recent = times.filter((at) => now - at < FIGHT_MS);
    if (recent.length > 0) next.set(name, recent);
  }
  for (const finding of findings) {
    const name = driftName(finding);
    const times = [...(next.get(name) ?? []), now].slice(-FIGHT_TIMES - 1);
    // The one that came last stands last: the oldest are given up.
    next.delete(name);
    next.set(name, times);
  }
  return new Map([...next].slice(-MAX_NAMES));
}

/** The alarm that stands; undefined when nobody fights. */
export function fightAlarm(fights: Fights): Alarm | undefined {
  const names = [...fights].filter(([, times]) => times.length > FIGHT_TIMES).map(([name]) => name);
  if (names.length === 0) return undefined;
  const minutes = FIGHT_MS / 60_000;
  const text = `changed by another tool and repaired more than ${FIGHT_TIMES} times in ${minutes} minutes: ${firstFew(names, 3)}`;
  return { code: 'drift-fight', subject: '', text };
}
