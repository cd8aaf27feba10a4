import type { AlarmCode } from './pair.ts';

/** What keeps clients from being served first, then what takes the pair its second leg, then the rest. */
const RANK: readonly AlarmCode[] = [
  'floats-contested',
  'peer-silent-floats-answer',
  'neighbour-unresolved',
  'cables-swapped',
  'address-duplicate',
  'not-ready',
  'service-down',
  'quorum-lost',
  'nic-down',
  'peer-silent',
  'controller-silent',
  'lane-not-told',
  'lane-late',
  'held',
  'link-silent',
  'checker-stuck',
  'server-down',
  'replies-missing',
  'health-differs',
  'nic-flaps',
  'nic-half-duplex',
  'nic-slow',
  'nic-errors',
  'mtu-differs',
  'certificate-ends',
  'revision-differs',
  'button-stuck',
  'statistics-not-kept',
  'drift-fight',
  'drift-held',
  'drift',
];

/** Alarms in the order in which a person should look at them; codes of another release come last. */
export function worstFirst<A extends { readonly code: string }>(alarms: readonly A[]): A[] {
  const rank = ({ code }: A): number => {
    const found = (RANK as readonly string[]).indexOf(code);
    return found < 0 ? RANK.length : found;
  };
  return [...alarms].sort((left, right) => rank(left) - rank(right));
}
