import type { AlarmCode } from './pair.ts';

/**
 * How soon somebody should look. `critical`: clients fail, or some of them may. `warning`: clients are served, but badly, or
 * a safeguard is gone and the next fault may be theirs. `notice`: by day.
 */
export type Severity = 'critical' | 'warning' | 'notice';

/** In the order in which a person should look at them. */
export const SEVERITY: Readonly<Record<AlarmCode, Severity>> = {
  'floats-contested': 'critical',
  'neighbour-unresolved': 'critical',
  'cables-swapped': 'critical',
  'service-down': 'critical',
  'quorum-lost': 'critical',
  'replies-missing': 'critical',
  'peer-silent-floats-answer': 'warning',
  'address-duplicate': 'warning',
  'not-ready': 'warning',
  'nic-down': 'warning',
  'peer-silent': 'warning',
  'controller-silent': 'warning',
  'lane-not-told': 'warning',
  'lane-late': 'warning',
  held: 'warning',
  'link-silent': 'warning',
  'checker-stuck': 'warning',
  'health-differs': 'warning',
  'nic-flaps': 'warning',
  'nic-half-duplex': 'warning',
  'nic-slow': 'warning',
  'nic-errors': 'warning',
  'mtu-differs': 'warning',
  'revision-differs': 'warning',
  'drift-fight': 'warning',
  'drift-held': 'warning',
  'server-down': 'notice',
  'certificate-ends': 'notice',
  'button-stuck': 'notice',
  'statistics-not-kept': 'notice',
  drift: 'notice',
};

const CODES = Object.keys(SEVERITY);
const PLACE: ReadonlyMap<string, number> = new Map(CODES.map((code, place) => [code, place]));
const FIRST_NOTICE = Object.values(SEVERITY).indexOf('notice');

/** A code of another release is a warning: nobody here can say that it may wait. */
export const severityOf = (code: string): Severity =>
  Object.hasOwn(SEVERITY, code) ? SEVERITY[code as AlarmCode] : 'warning';

/** Alarms in the order in which a person should look at them, those of one code as they came; unknown codes end the warnings. */
export function worstFirst<A extends { readonly code: string }>(alarms: readonly A[]): A[] {
  const by = new Map<number, A[]>();
  for (const alarm of alarms) {
    const place = PLACE.get(alarm.code) ?? FIRST_NOTICE - 0.5;
    const same = by.get(place);
    if (same === undefined) by.set(place, [alarm]);
    else same.push(alarm);
  }
  return [...by].sort(([left], [right]) => left - right).flatMap(([, same]) => same);
}
