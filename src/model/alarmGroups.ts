import { type Severity, severityOf, worstFirst } from './alarmRank.ts';
import { alarmRemedy } from './alarmRemedy.ts';
import type { Said } from './mergeAlarms.ts';

/** Of one code a person reads no more: when a switch dies, thousands of servers are down with it. */
export const SHOWN_ALARMS = 8;

/** The alarms of one code, as a person reads them. */
export interface AlarmGroup {
  readonly code: string;
  readonly severity: Severity;
  /** At most `SHOWN_ALARMS`, as they came. */
  readonly shown: readonly Said[];
  /** How many of this code are not among them. */
  readonly more: number;
  /** Undefined for a code of another release. */
  readonly remedy: string | undefined;
}

/** Worst first. */
export function alarmGroups(alarms: readonly Said[]): AlarmGroup[] {
  const by = new Map<string, Said[]>();
  for (const alarm of worstFirst(alarms)) {
    const same = by.get(alarm.code);
    if (same === undefined) by.set(alarm.code, [alarm]);
    else same.push(alarm);
  }
  return [...by].map(([code, all]) => ({
    code,
    severity: severityOf(code),
    shown: all.slice(0, SHOWN_ALARMS),
    more: Math.max(0, all.length - SHOWN_ALARMS),
    remedy: alarmRemedy(code),
  }));
}
