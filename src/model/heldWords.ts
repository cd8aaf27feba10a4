import type { NodeId } from './pair.ts';

/** Where something is held, for people: `on a and b`, or `on a only: b does not answer; …`. */
export function heldWords({ heldBy, twin }: { readonly heldBy: readonly NodeId[]; readonly twin?: string }): string {
  if (heldBy.length === 2) return `on ${heldBy.join(' and ')}`;
  return `on ${heldBy.join(', ')} only${twin === undefined ? '' : `: ${twin}`}`;
}
